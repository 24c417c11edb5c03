"""The publications whose figures are compared, a module each."""
