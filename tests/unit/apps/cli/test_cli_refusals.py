"""Bad input is one clear line in the person's language, exit 2, before anything is started."""

import json
import re
from pathlib import Path

import pytest
from cli_session import Result, run_all
from pydantic import SecretStr, ValidationError

from oim.adapters.engine_http.client import UNAVAILABLE_MESSAGE as NO_ENGINE
from oim.apps.cli import doctor, failures, input_files, terminal
from oim.apps.cli import language as language_of_terminal
from oim.kit.cache import CACHE_UNAVAILABLE
from oim.kit.db.failures import NO_ANSWER as NO_DATABASE
from oim.kit.errors import UnavailableError
from oim.kit.faults import Fault
from oim.kit.i18n import Language, translator
from oim.kit.settings import Settings

GROUPS = {
    "ingest": ("file", "sample", "rejects"),
    "evaluate": ("melo", "retrieval", "offers", "requests", "fairness"),
    "taxonomy": ("import",),
    "train": ("adapter", "ranker", "vectors"),
    "serve": ("engine", "site"),
    "ranker": ("list", "use", "rollback"),
    "staff": ("invite", "list", "re-enrol", "disable"),
    "keys": ("make", "list", "rotate", "drop"),
    "audit": ("verify", "head"),
    "erasures": ("replay",),
    "simulate": ("inbox",),
    "trust": (
        *("sources", "known", "unknown", "verify", "unverify"),
        *("queue", "release", "withdraw"),
    ),
}
VERBS = (
    *("up", "recommend", "reindex", "doctor", "bench", "completion"),
    *(f"{group} {verb}" for group, verbs in GROUPS.items() for verb in verbs),
)
FILES = {
    "bad.json": b"{'text': 1}",
    "empty.json": b" \n",
    "list.json": b"[1]",
    "wrong.json": b'{"birth_year": "x"}',
    "unknown.json": b'{"wages": 1}',
    "kind.json": b'{"kinds": ["agr", "job"]}',
    "limit.json": b'{"limit": "x"}',
    "binary.json": b"\xff\xfe\x00{",
    "deep.json": b"[" * 200_000,
    "region.json": b'{"region": "Atlantide"}',
    "language.json": b'{"language": "de"}',
    "empty.csv": b"",
    "picture.csv": bytes(range(256)) * 20,
    "header.csv": b"title,description\n",
    "column.csv": b"title\n\n",
    "unnamed.csv": b"a,b\n1,2\n3,4\n5,6\n",
    "broken.json": b'{"title": ',
}
# Command to the beginnings of its error line, in French and English.
REFUSALS = {
    "recommend --region Atlantide": (
        "Aucune région ne s’appelle Atlantide. Il y a\u00a0: CM-AD Adamaoua, ",
        "No region is called Atlantide. There are: CM-AD Adamawa, ",
    ),
    "recommend --lang de": (
        "La langue de n’est pas parlée ici\u00a0: fr ou en.",
        "The language de is not spoken here: fr or en.",
    ),
    "recommend --kind job": (
        "--kind n’accepte pas cette valeur, mais l’une de celles-ci\u00a0: employment, training, agr. Voyez",
        "--kind does not take this value, but one of employment, training, agr. See: oim recommend --help",
    ),
    "recommend --limit x": ("--limit est un nombre entier. ", "--limit takes a whole number. "),
    "recommend --person Awa": (
        "--person est un identifiant, de 32 ",
        "--person takes an identifier, 32 ",
    ),
    "ranker use": ("Il manque\u00a0: version. ", "version is missing. "),
    "ranker use -1": ("Il n’y a pas d’option -1. ", "There is no option -1. "),
    "ranker use two": ("version est un nombre entier. ", "version takes a whole number. "),
    "ranker rollback 2": ("Cette commande n’est pas comprise. ", "This command is not understood. "),
    "train ranker fast": ("Cette commande n’est pas comprise. ", "This command is not understood. "),
    "recommend --wages 3": ("Il n’y a pas d’option --wages. ", "There is no option --wages. "),
    "recommend something": ("Cette commande n’est pas comprise. ", "This command is not understood. "),
    "recommend --text": ("--text doit être suivi d’une valeur. ", "--text needs a value after it. "),
    "trust known": ("Il manque\u00a0: source. ", "source is missing. "),
    "trust release": ("Il manque\u00a0: offre. ", "offer is missing. "),
    "trust withdraw 12": ("Ce n’est pas un identifiant.", "This is not an identifier."),
    "trust queue --all": ("Il n’y a pas d’option --all. ", "There is no option --all. "),
    "fly": (
        "Il n’y a pas de commande fly. Voyez\u00a0: oim --help",
        "There is no command fly. See: oim --help",
    ),
    "recomend": (
        "Il n’y a pas de commande recomend. Vouliez-vous dire recommend\u00a0? Voyez\u00a0: oim --help",
        "There is no command recomend. Did you mean recommend? See: oim --help",
    ),
    "staff lst": (
        "Il n’y a pas de commande lst. Vouliez-vous dire list\u00a0? Voyez\u00a0: oim staff --help",
        "There is no command lst. Did you mean list? See: oim staff --help",
    ),
    "recommend --limits 3": (
        "Il n’y a pas d’option --limits. Vouliez-vous dire --limit\u00a0? Voyez\u00a0: oim recommend --help",
        "There is no option --limits. Did you mean --limit? See: oim recommend --help",
    ),
    "completion tcsh": (
        "shell n’accepte pas cette valeur, mais l’une de celles-ci\u00a0: bash, zsh, fish. ",
        "shell does not take this value, but one of bash, zsh, fish. ",
    ),
    "completion": (
        "Il manque\u00a0: shell, à choisir parmi bash, zsh, fish. ",
        "shell is missing: give one of bash, zsh, fish. ",
    ),
    "evaluate melo . --system ours": (
        "--system n’accepte pas cette valeur, mais l’une de celles-ci\u00a0: adapter, ",
        "--system does not take this value, but one of adapter, ",
    ),
    "staff invite a@example.org": (
        "Il manque\u00a0: --role, à choisir parmi agent, case_worker, analyst, administrator. ",
        "--role is missing: give one of agent, case_worker, analyst, administrator. ",
    ),
    "staff invite a@example.org --role boss": (
        "--role n’accepte pas cette valeur, mais l’une de celles-ci\u00a0: agent, case_worker, ",
        "--role does not take this value, but one of agent, case_worker, analyst, administrator. ",
    ),
    "staff invite a@example.org --role agent": (
        "Un agent de partenaire travaille pour une organisation\u00a0: ajoutez --organisation ",
        "An agent works for an organisation: add --organisation ",
    ),
    "staff invite a@example.org --role analyst --organisation Ici": (
        "Seul un agent de partenaire a une organisation\u00a0: ",
        "Only an agent has an organisation: ",
    ),
    "staff disable": ("Il manque\u00a0: e-mail. ", "e-mail is missing. "),
    "train adapter --into made": ("Il manque\u00a0: dossier. ", "folder is missing. "),
    "train adapter nowhere": ("Il manque\u00a0: --into. ", "--into is missing. "),
    "train adapter nowhere --into made": (
        "Il n’y a pas de fichier nowhere/esco/occupations_fr.csv.",
        "There is no file nowhere/esco/occupations_fr.csv.",
    ),
    "taxonomy import": ("Il manque\u00a0: dossier. ", "folder is missing. "),
    "taxonomy import nowhere": ("Il n’y a pas de dossier nowhere.", "There is no folder nowhere."),
    "taxonomy import .": (". ne contient ni occupations_fr.csv ", ". holds no occupations_fr.csv "),
    "ingest fly": (
        "Il n’y a pas de commande fly. Voyez\u00a0: oim ingest --help",
        "There is no command fly. See: oim ingest --help",
    ),
    "ingest file": ("Il manque\u00a0: fichier. ", "file is missing. "),
    "recommend --profile none.json": ("Il n’y a pas de fichier none.json.", "There is no file none.json."),
    f"recommend --profile {'x' * 5000}": ("Il n’y a pas de fichier xxx", "There is no file xxx"),
    "recommend --profile .": (". est un dossier, ou ", ". is a folder, or "),
    "recommend --profile empty.json": ("empty.json est vide.", "empty.json is empty."),
    "recommend --profile bad.json": (
        "bad.json n’est pas du JSON valable\u00a0: voyez la ligne 1.",
        "bad.json is not valid JSON: look at line 1.",
    ),
    "recommend --profile binary.json": (
        "binary.json n’est pas du JSON valable",
        "binary.json is not valid JSON",
    ),
    "recommend --profile deep.json": ("deep.json n’est pas du JSON valable", "deep.json is not valid JSON"),
    "recommend --profile list.json": (
        "list.json doit contenir un objet JSON, ",
        "list.json must hold a JSON object, ",
    ),
    "recommend --profile wrong.json": (
        "wrong.json n’est pas utilisable comme profil\u00a0: voyez birth_year.",
        "wrong.json cannot be used as a profile: look at birth_year.",
    ),
    "recommend --profile unknown.json": (
        "unknown.json n’est pas utilisable ",
        "unknown.json cannot be used ",
    ),
    "recommend --profile kind.json": (
        "kind.json n’est pas utilisable comme profil\u00a0: voyez kinds.1.",
        "kind.json cannot be used as a profile: look at kinds.1.",
    ),
    "recommend --profile limit.json": ("limit.json n’est pas utilisable ", "limit.json cannot be used "),
    "recommend --profile region.json": (
        "Aucune région ne s’appelle Atlantide.",
        "No region is called Atlantide.",
    ),
    "recommend --profile language.json": (
        "La langue de n’est pas parlée ici",
        "The language de is not spoken",
    ),
    "ingest file none.csv": ("Il n’y a pas de fichier none.csv.", "There is no file none.csv."),
    "ingest file .": (". est un dossier, ou ", ". is a folder, or "),
    "ingest file empty.csv": ("empty.csv est vide.", "empty.csv is empty."),
    "ingest file picture.csv": ("picture.csv n’est pas du texte.", "picture.csv is not text."),
    "ingest file header.csv": (
        "header.csv n’a aucune ligne d’offre\u00a0: ",
        "header.csv has no rows: ",
    ),
    "ingest file column.csv": ("column.csv n’a aucune ligne d’offre\u00a0: ", "column.csv has no rows: "),
    **{
        f"ingest file header.csv --source {name}": (
            f"Le nom d’une source a des petites lettres de a à z, des chiffres, et des traits d’union entre "
            f"eux, 60 caractères au plus\u00a0: {clean}, et non {name}.",
            f"The name of a source has small letters a to z, digits, and hyphens between them, 60 characters "
            f"at most: {clean}, not {name}.",
        )
        for name, clean in {
            "é;/../x": "e-x",
            "My_Portal": "my-portal",
            "-a-": "a",
            "été": "ete",
            "a--b": "a-b",
            "x" * 61: "x" * 60,
            "…": "my-portal",
        }.items()
    },
    "ingest file unnamed.csv": (
        "Aucune colonne ne semble être le titre. Les colonnes sont\u00a0: a, b.",
        "No column was recognised as the title. The columns are: a, b.",
    ),
    "ingest file broken.json": (
        "Aucun des premiers enregistrements de broken.json n’est lisible. ",
        "None of the first records of broken.json can be read. ",
    ),
}
# Which of the two texts of REFUSALS a locale shows.
LANGUAGES = {"fr_FR.UTF-8": 0, "en_GB.UTF-8": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("refusals")
    for name, content in FILES.items():
        (root / name).write_bytes(content)
    return root


@pytest.fixture(scope="module", params=LANGUAGES)
def refusals(request: pytest.FixtureRequest, folder: Path) -> tuple[dict[str, Result], int]:
    # A home that only refused commands name, so that none of the others has made it.
    home = str(folder / "refused")
    results = run_all([command.split() for command in REFUSALS], folder, LANG=request.param, OIM_HOME=home)
    return dict(zip(REFUSALS, results, strict=True)), LANGUAGES[request.param]


@pytest.mark.parametrize("command", REFUSALS, ids=lambda command: command[:40])
def test_bad_input_is_one_line_and_exit_2(
    refusals: tuple[dict[str, Result], int], folder: Path, command: str
) -> None:
    results, language = refusals
    result = results[command]
    assert result.code == 2, result.err
    assert result.out == ""
    assert result.err.startswith(REFUSALS[command][language])
    assert len(result.err.splitlines()) == 1
    assert "%(" not in result.err
    assert not (folder / "refused").exists(), "nothing should have been started"


ALONE = "no argument at all"


@pytest.fixture(scope="module")
def help_results(folder: Path) -> dict[str, dict[str, Result]]:
    """By language, the help of `oim` itself (an empty verb), of each group and command, and `oim` alone."""
    verbs = ["", *GROUPS, *VERBS, ALONE]
    commands = [[*verb.split(), "--help"] for verb in verbs[:-1]] + [[]]
    return {lang: dict(zip(verbs, run_all(commands, folder, LANG=lang), strict=True)) for lang in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("verb", [*GROUPS, *VERBS])
def test_the_help_of_every_command_shows_an_example(
    help_results: dict[str, dict[str, Result]], verb: str, language: str
) -> None:
    result = help_results[language][verb]
    assert result.code == 0
    words = " ".join(result.out.split()).replace("\u00a0", " ")
    # That of `completion` begins with the shell's own word.
    assert re.search(rf"Ex[ae]mple ?: (source <\()?oim {verb}", words)


# Words that are written alike in both languages, besides those of the command line itself: of the texts,
# names, and those of examples, files, settings and the values of options.
ALIKE = re.findall(
    r"\w+",
    """
    Arguments ARGUMENTS Options OPTIONS Usage Version code codes des etc index journal machine mail minute
    minutes oim on organisation pages path second secret site source sources text tiers version web
    Métiers API BM Bafoussam CM CSV Centre ESCO HTML HTTP JSON LD Lines OIM OU ROME RSS TOML URL XML
    ada annotations corpus couturière csv data docs elements employment agr training esco example fne
    fr en gz made mapping md melo org queries ring rome shared tsv bash fish zsh
    adapter embedder bm agent analyst requests quality seen unseen tests trades all
    administrator case worker case_worker corpus_elements case_worker ID ORGANISATION SOURCE ENGINE HOST PORT
    PROCESSES SITE TOKEN
    """,
)


def test_the_help_in_french_has_no_english_word(help_results: dict[str, dict[str, Result]]) -> None:
    words = {
        language: {verb: set(re.findall(r"[^\W\d_]{2,}", result.out)) for verb, result in results.items()}
        for language, results in help_results.items()
    }
    typed = set(re.findall(r"\w+", " ".join([*GROUPS, *VERBS]))) | set(ALIKE)
    typed |= {
        option
        for found in help_results.values()
        for result in found.values()
        for option in re.findall(r"(?<=[-])[a-z]+", result.out)
    }
    french, english = (words[language] for language in LANGUAGES)
    alike = {verb: found & english[verb] - typed for verb, found in french.items()}
    assert {verb: sorted(found) for verb, found in alike.items() if found} == {}


def test_the_help_lists_every_command(help_results: dict[str, dict[str, Result]]) -> None:
    results = help_results["en_GB.UTF-8"]
    listed = [name for name in _listed(results[""]) if name not in GROUPS]
    listed += [f"{group} {name}" for group in GROUPS for name in _listed(results[group])]
    assert sorted(listed) == sorted(VERBS)
    assert results[ALONE].code == 2
    assert "Usage: oim" in results[ALONE].err


def _listed(help_: Result) -> list[str]:
    lines = help_.out.split("Commands:")[1].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]


@pytest.mark.parametrize(
    ("name", "value", "takes"),
    [
        ("OIM_PORT", "many", "un nombre entier de 0 à 65535"),
        ("OIM_PORT", "70000", "un nombre entier de 0 à 65535"),
        ("OIM_SITE_PROCESSES", "0", "un nombre entier de 1 à 64"),
        ("OIM_LOG_LEVEL", "loud", "l’une de ces valeurs\u00a0: DEBUG, INFO, WARNING, ERROR"),
        ("OIM_LOG_FORMAT", "xml", "l’une de ces valeurs\u00a0: json, text"),
        ("OIM_PROXIES", "here", "des adresses ou des réseaux"),
        ("OIM_HELPLINES", "112", "nom en français / nom en anglais / numéro"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, takes: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(failures, "t", translator("fr"))
    with pytest.raises(ValidationError) as raised:
        Settings()
    line, code = failures.to_exit(raised.value) or ("", 0)
    assert code == 2
    assert line.startswith(f"{name} n’est pas utilisable tel qu’il est réglé. Il accepte {takes}")
    assert len(line.splitlines()) == 1


def test_every_setting_that_can_be_wrong_says_what_it_takes() -> None:
    free = (str, Path, Path | None, SecretStr)
    typed = {name for name, field in Settings.model_fields.items() if field.annotation not in free}
    assert sorted(name for name in typed if not failures.describe_values(name)) == []


BAD_URLS = {"OIM_SMS_URL": "mtn://user:s3cret@gateway.example", "OIM_BROKER_URL": "redis//:s3cret@host"}
BAD_URL_LINES = (
    (
        "OIM_BROKER_URL n’est pas une adresse utilisable. Sont acceptés\u00a0: redis://, rediss://, ",
        "OIM_SMS_URL vaut mtn://***@gateway.example, et rien ici ne parle mtn. Sont acceptés\u00a0: ",
    ),
    (
        "OIM_BROKER_URL is not a URL that can be used. It takes: redis://, rediss://, ",
        "OIM_SMS_URL is mtn://***@gateway.example, and nothing here speaks mtn. It takes: ",
    ),
)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_url_that_nothing_speaks_is_named_before_anything_starts(folder: Path, locale: str) -> None:
    commands = ["up", "serve engine", "recommend", "keys list", "reindex", "doctor"]
    home = folder / f"untouched-{locale}"
    settings = {"OIM_HOME": str(home), "OIM_ENGINE_TOKEN": "t", **BAD_URLS}
    results = run_all([command.split() for command in commands], folder, LANG=locale, **settings)
    first, second = BAD_URL_LINES[LANGUAGES[locale]]
    for result in results:
        assert "s3cret" not in result.out + result.err
    for result in results[:-1]:
        assert (result.code, result.out, len(result.err.splitlines())) == (2, "", 1)
        assert result.err.startswith(first)
    doctor = results[-1]
    assert (doctor.code, doctor.err) == (1, "")
    # Every fault has its line, and nothing else is tried.
    assert [line.partition(" — ")[2][:40] for line in doctor.out.splitlines()] == [first[:40], second[:40]]
    assert second in doctor.out
    assert not home.exists()


@pytest.mark.parametrize("password", ["s3cret", "s3/cret", "s3?cret", "s3#cret", "s3:cret", "s3@cret"])
@pytest.mark.parametrize(
    ("setting", "scheme", "message"),
    [
        ("OIM_DATABASE_URL", "postgresql", NO_DATABASE),
        ("OIM_DATABASE_OWNER_URL", "postgresql", NO_DATABASE),
        ("OIM_VALKEY_URL", "rediss", CACHE_UNAVAILABLE),
        ("OIM_ENGINE_URL", "http", NO_ENGINE),
    ],
)
def test_what_does_not_answer_is_named_by_its_setting_without_its_password(
    monkeypatch: pytest.MonkeyPatch, setting: str, scheme: str, message: str, password: str
) -> None:
    monkeypatch.setenv(setting, f"{scheme}://someone:{password}@db.example:5432/oim")
    line, code = failures.to_exit(UnavailableError(message)) or ("", 0)
    assert code == 1
    assert f"{setting} ({scheme}://***" in line
    assert not {"s3", "cret", "someone"} & set(re.findall(r"\w+", line.replace("s3cret", "s3 cret")))


def test_servers_of_this_machine_are_named_by_no_setting() -> None:
    for message in (NO_DATABASE, CACHE_UNAVAILABLE, NO_ENGINE):
        line, _ = failures.to_exit(UnavailableError(message)) or ("", 0)
        assert "OIM_" not in line


def test_unreachable_servers_are_one_line_and_exit_1(folder: Path) -> None:
    unreachable = {
        "OIM_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "OIM_ENGINE_URL": "http://127.0.0.1:1",
    }
    commands = [["recommend"], ["ingest", "sample"], ["ingest", "rejects"], ["reindex"]]
    for result in run_all(commands, folder, LANG="fr_FR.UTF-8", **unreachable):
        assert result.code == 1
        assert result.out == ""
        assert result.err.startswith("La base de données ne répond pas")
        assert "OIM_DATABASE_URL (postgresql://***@127.0.0.1:1)" in result.err
        assert len(result.err.splitlines()) == 1


def test_the_doctor_reports_every_unreachable_server(folder: Path) -> None:
    unreachable = {
        "OIM_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "OIM_ENGINE_URL": "http://127.0.0.1:1",
        "OIM_VALKEY_URL": "redis://127.0.0.1:1",
    }
    (result,) = run_all([["doctor"]], folder, LANG="fr_FR.UTF-8", **unreachable)
    assert result.code == 1
    assert result.err == ""
    lines = result.out.splitlines()
    # Database, Valkey, clocks, keys; files; engine; index; embeddings; parts; privileges; operator (nobody
    # named); outbox, workers: see `doctor.CHECKS`.
    assert "".join(line[0] for line in lines) == "✗✗✗✗✓✗✓✗✓✗✓✗✗"
    assert lines[0].startswith("✗ Base de données — La base de données ne répond pas.")
    assert lines[0].endswith("→ vérifiez OIM_DATABASE_URL et que le serveur tourne")
    assert lines[3].startswith("✗ Clés — Il n’y a pas de trousseau de clés")
    assert lines[5].startswith("✗ Moteur — La recherche ne répond pas")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "fr_CM", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "en_US", "LC_MESSAGES": "fr_CM.UTF-8"}, "fr"),
        ({"LANG": "en_US", "LC_ALL": ""}, "en"),
    ],
)
def test_the_language_is_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_of_terminal.detect_language() == language


def test_the_text_of_offers_is_printed_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    title = "Poste :car: [bold]chauffeur[/bold] " + "x" * 300
    terminal.output.print(title, markup=False)
    assert capsys.readouterr().out == title + "\n"


def test_a_profile_file_has_the_fields_of_the_api(tmp_path: Path) -> None:
    path = tmp_path / "profile.json"
    path.write_text(json.dumps({"text": "couture", "kinds": ["agr"], "limit": 3}), encoding="utf-8-sig")
    profile = input_files.read_profile(path)
    assert (profile.text, profile.kinds, profile.limit, profile.birth_year) == ("couture", ("agr",), 3, None)


@pytest.mark.parametrize(("language", "figure"), [("fr", "0,30"), ("en", "0.30")])
def test_figures_have_the_comma_of_french(
    monkeypatch: pytest.MonkeyPatch, language: Language, figure: str
) -> None:
    monkeypatch.setattr(terminal, "t", translator(language))
    assert terminal.format_figure(0.3, 2) == figure


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("disk", "low"), "Le disque est presque plein\u00a0: il faut libérer de la place."),
        (Fault("worker", "exit status 1", None, "boom"), "(code de sortie 1) boom"),
        (Fault("site", "killed by SIGKILL"), "(arrêté par SIGKILL)"),
        (Fault("engine", "not ready"), "(pas encore prêt)"),
        (Fault("codes +33", "near"), "pour être payé."),
    ],
)
def test_the_doctor_describes_a_fault_without_a_code_in_english(
    monkeypatch: pytest.MonkeyPatch, fault: Fault, words: str
) -> None:
    monkeypatch.setattr(doctor, "t", translator("fr"))
    assert doctor.describe_fault(fault).endswith(words)
