"""The vault: sealed values open only with their context and key; indexes and signatures depend on keys."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_factory import new_vault

from oim.kit.crypto import (
    RingFile,
    Vault,
    change_ring,
    hash_password,
    read_ring,
    sealing_key_id,
    verify_password,
    with_new_key,
    without_key,
)
from oim.kit.crypto import vault as vaults
from oim.kit.errors import UnavailableError


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return new_vault(tmp_path_factory.mktemp("keys"))


@given(plain=st.binary(max_size=300), context=st.text(max_size=40))
def test_a_sealed_value_opens_only_in_its_context(vault: Vault, plain: bytes, context: str) -> None:
    sealed = vault.seal(plain, context)
    assert vault.open(sealed, context) == plain
    # A few bytes may occur in a random ciphertext by chance.
    assert plain not in sealed or len(plain) < 4
    with pytest.raises(UnavailableError):
        vault.open(sealed, context + "x")


def test_equal_values_are_sealed_differently(vault: Vault) -> None:
    assert len({vault.seal(b"Awa", "people.name:1") for _ in range(50)}) == 50


@given(data=st.data())
def test_a_value_with_a_changed_byte_does_not_open(vault: Vault, data: st.DataObject) -> None:
    sealed = bytearray(vault.seal(b"+237677123456", "contacts.value:1"))
    position = data.draw(st.integers(1, len(sealed) - 1))
    sealed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(UnavailableError):
        vault.open(bytes(sealed), "contacts.value:1")


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" * 16])
def test_a_truncated_value_does_not_open(vault: Vault, broken: bytes) -> None:
    with pytest.raises(UnavailableError):
        vault.open(broken, "x")


def test_a_key_added_to_the_file_is_known_at_once(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    other = Vault(RingFile(tmp_path / "ring.json"))
    change_ring(tmp_path / "ring.json", with_new_key)
    sealed = Vault(RingFile(tmp_path / "ring.json")).seal(b"Awa", "here")
    assert sealing_key_id(sealed) not in vault._ring.keys
    assert vault.open(sealed, "here") == other.open(sealed, "here") == b"Awa"


def test_within_a_second_the_new_key_seals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = new_vault(tmp_path)
    change_ring(tmp_path / "ring.json", with_new_key)
    monkeypatch.setattr(vaults, "RELOAD_INTERVAL", 0.0)
    assert sealing_key_id(vault.seal(b"", "here")) == read_ring(tmp_path / "ring.json").current


def test_a_dropped_key_opens_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = new_vault(tmp_path)
    sealed, before = vault.seal(b"Awa", "here"), read_ring(tmp_path / "ring.json")
    change_ring(tmp_path / "ring.json", lambda ring: without_key(with_new_key(ring), ring.current))
    monkeypatch.setattr(vaults, "RELOAD_INTERVAL", 0.0)
    assert vault.ring.current != before.current
    with pytest.raises(UnavailableError):
        vault.open(sealed, "here")


def test_a_deleted_ring_file_does_not_affect_a_running_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = new_vault(tmp_path)
    sealed = vault.seal(b"Awa", "here")
    (tmp_path / "ring.json").unlink()
    monkeypatch.setattr(vaults, "RELOAD_INTERVAL", 0.0)
    assert vault.open(sealed, "here") == b"Awa"
    assert vault.seal(b"", "here")


def test_a_blind_index_depends_on_its_purpose_and_key(vault: Vault, tmp_path: Path) -> None:
    blind_index = vault.blind_index("tel", "+237677123456")
    assert blind_index == vault.blind_index("tel", "+237677123456")
    different_indexes = {
        vault.blind_index("mail", "+237677123456"),
        vault.blind_index("tel", "+237677123457"),
        vault.blind_index("tel+237", "677123456"),
        new_vault(tmp_path).blind_index("tel", "+237677123456"),
    }
    assert blind_index not in different_indexes
    assert len(different_indexes) == 4


def test_a_signature_is_valid_for_its_parts_only(vault: Vault) -> None:
    signature = vault.sign("offer", "1", "")
    assert vault.is_valid_signature(signature, "offer", "1", "")
    for parts in (("offer", "1"), ("offer", "", "1"), ("offer1", "", ""), ("offer", "2", "")):
        assert not vault.is_valid_signature(signature, *parts)
    assert not vault.is_valid_signature("é", "offer", "1", "")


def test_a_password_hash_depends_on_its_owner_and_pepper(vault: Vault, tmp_path: Path) -> None:
    hashed = hash_password(vault, "owner", "2580")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert verify_password(vault, "owner", "2580", hashed)
    assert not verify_password(vault, "owner", "2581", hashed)
    assert not verify_password(vault, "other", "2580", hashed)
    assert not verify_password(new_vault(tmp_path), "owner", "2580", hashed)
    assert not verify_password(vault, "owner", "2580", None)
    assert not verify_password(vault, "owner", "2580", "not a hash")
