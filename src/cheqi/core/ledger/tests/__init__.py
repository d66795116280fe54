"""Tests of transfers and the chart of accounts."""
