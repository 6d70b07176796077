"""Rules: what a Table Schema asks of a cell, as SQL."""
