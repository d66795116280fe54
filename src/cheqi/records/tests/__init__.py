"""Scenarios that the tests of several books share."""
