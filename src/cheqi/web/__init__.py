"""The shells: desk for staff, portal for customers, api for programs."""
