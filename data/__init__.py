"""What feedback is.

Records, readers and writers, language, statement splitting, the taxonomy and the sample.
"""
