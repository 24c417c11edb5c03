"""The publications whose figures are compared, a module each."""

from assb.validation.studies import kang2023, kang2025, kim2025, truong2025, zhou2025  # noqa: F401
