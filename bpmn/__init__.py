"""Diagrams and what they mean: no database, no user, no clock."""
