"""What leaders believe that customers complain of, sealed before the measured share is shown beside it."""
