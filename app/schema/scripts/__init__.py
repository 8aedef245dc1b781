"""Revision files, read without running them: one file, the folder, the graph.

Imports `core` and libraries only.
"""
