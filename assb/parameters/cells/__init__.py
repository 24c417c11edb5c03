"""Cells from the literature."""
