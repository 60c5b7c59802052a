"""The same work for other programs: `/api/v1`, by the same functions the pages call."""
