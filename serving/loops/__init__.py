"""The loops in the report: fixes, alarms, rescue, loyalty and the ratio of the mining that was just written."""
