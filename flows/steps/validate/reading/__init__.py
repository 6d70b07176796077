"""Reading: a file as rows of text, and as a relation of text columns."""
