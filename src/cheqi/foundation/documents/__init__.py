"""Photographs and scans that customers give us: taken in, read, settled by clerks, shown to those who may."""
