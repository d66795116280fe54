"""The books that areas share."""
