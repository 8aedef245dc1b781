"""Revision files → revisions → recorded operations."""
