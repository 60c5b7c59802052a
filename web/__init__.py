"""Everything a person or another system sees."""
