"""What predicts: the encoder with its three heads, the predictor, and the checkpoint folder."""
