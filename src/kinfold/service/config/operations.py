"""
Settings that only operating Kinfold needs, read when they are used: the passphrase of backups above all is in
the environment of the backup's own process and of no other.
"""

from __future__ import annotations

import os
from pathlib import Path

from kinfold.terms.errors import SettingError

SHORTEST_PASSPHRASE = 20
YES, NO = ("1", "yes", "true", "on"), ("", "0", "no", "false", "off")


def backup_passphrase() -> bytes:
    """
    Return the passphrase that backups are encrypted with: KINFOLD_BACKUP_KEY, or the file that
    KINFOLD_BACKUP_KEY_FILE names. Raises SettingError when neither is set or it is too short.
    """
    text = os.environ.get("KINFOLD_BACKUP_KEY", "")
    if not text and (name := os.environ.get("KINFOLD_BACKUP_KEY_FILE")):
        try:
            text = Path(name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(
                f"KINFOLD_BACKUP_KEY_FILE names {name}, which cannot be read ({error.strerror}). "
                "Let the account that runs the backup read it."
            ) from error
    if not text:
        raise SettingError(
            "A backup is encrypted and needs a passphrase. Put it in a file and name the file in "
            "KINFOLD_BACKUP_KEY_FILE, or set KINFOLD_BACKUP_KEY. Keep a copy away from this machine: without it "
            "no backup can be opened."
        )
    if len(text) < SHORTEST_PASSPHRASE:
        raise SettingError(f"The passphrase of backups must be {SHORTEST_PASSPHRASE} characters or more")
    return text.encode()


def metrics_token() -> str:
    """Return KINFOLD_METRICS_TOKEN, which opens the metrics from elsewhere; empty when only this machine may read."""
    token = os.environ.get("KINFOLD_METRICS_TOKEN", "").strip()
    if token and len(token) < SHORTEST_PASSPHRASE:
        raise SettingError(f"KINFOLD_METRICS_TOKEN must be {SHORTEST_PASSPHRASE} characters or more")
    return token


def volume_is_encrypted() -> bool:
    """Return whether whoever installed Kinfold says that database and data lie on encrypted volumes."""
    value = os.environ.get("KINFOLD_ENCRYPTED_VOLUME", "").strip().lower()
    if value in YES:
        return True
    if value in NO:
        return False
    raise SettingError(f"KINFOLD_ENCRYPTED_VOLUME must be 1 or 0, not {value!r}")
