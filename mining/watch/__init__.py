"""Alarms: when more people than chance explains begin to complain of a cause, at a stated rate of false alarms."""
