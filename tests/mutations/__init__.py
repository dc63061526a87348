"""What becomes wrong with fixtures/one-service by one change: a table for each group of rules.

Every row takes files of that folder as a project of their own, changes one text in one of them, and
says what lintscale then finds that it did not find before.
"""
