"""Backup and restore: rows, files and keys of one installation in one folder that proves itself.

    FOLDER/manifest.json       what is in it: name, size and SHA-256 of every file, when, which database
    FOLDER/database.sqlite3    or database.dump, a consistent copy taken while the house is open
    FOLDER/files/…             the file store
    FOLDER/keys.sealed         the keys under a passphrase; opens only beside this very manifest

The database is copied before the files: a stored file never changes, so every file that a row of the copy
names is there, and at worst a few that no row names yet.
"""
