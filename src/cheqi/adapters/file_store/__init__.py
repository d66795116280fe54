"""Keeps files on a disk of this machine."""
