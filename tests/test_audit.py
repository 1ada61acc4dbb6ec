"""What `make check` asks about the code as a whole: no secrets in it, no known hole in what it depends on."""

import json

from detect_secrets.settings import configure_settings_from_baseline, transient_settings

from audit import dependencies, secrets


def _of(*several: dict) -> dict:
    return {"dependencies": [{"name": "some", "version": "1.0", **one} for one in several]}


def test_a_known_hole_fails_the_audit_and_says_which_version_mends_it():
    said, status = dependencies.told(_of({"vulns": [{"id": "CVE-2026-1", "fix_versions": ["1.1"]}]}, {"vulns": []}))
    assert status == 1 and "some 1.0: CVE-2026-1, mended in 1.1" in said and "2 dependencies audited" in said


def test_what_was_not_audited_is_never_passed_off_as_sound():
    said, status = dependencies.told(_of({"vulns": []}, {"name": "other", "skip_reason": "not known"}))
    assert status == 0 and "1 dependencies audited: 0 known holes." in said and "NOT audited" in said
    assert "other" in said.rpartition("NOT audited")[2]


def test_a_machine_that_reaches_no_database_is_told_that_nothing_was_audited(monkeypatch, capsys):
    monkeypatch.setattr(dependencies, "asked", lambda service, requirements: None)
    dependencies.main()
    assert capsys.readouterr().out.startswith("NO DEPENDENCY WAS AUDITED")


def test_a_secret_in_the_code_is_found_by_file_and_line_and_a_harmless_one_is_not(tmp_path):
    # In two parts, so that this file does not hold what it looks for.
    (tmp_path / "one.py").write_text(f'\nKEY = "{"AKIA"}QX7ZJ4M2LD5RT8WB"\nname = "imatinib"\n')
    (tmp_path / "two.pem").write_text(
        f"-----BEGIN {'RSA PRIVATE'} KEY-----\n{'MIIEpAIBAAKCAQEA1bX' * 30}\n-----END {'RSA PRIVATE'} KEY-----\n"
    )
    kept = json.loads(secrets.BASELINE.read_text())
    with transient_settings({}):
        configure_settings_from_baseline(kept, str(secrets.BASELINE))
        collection = secrets.found(["one.py", "two.pem"], tmp_path)
    assert secrets.unknown(collection, kept["results"]) == ["one.py:2: AWS Access Key", "two.pem:2: Private Key"]
    harmless = {name: [{"hashed_secret": one.secret_hash}] for name, one in collection}
    assert secrets.unknown(collection, harmless) == []
