"""All settings, each read from an environment variable `OIM_…`; docs/settings.md documents them."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

EMBEDDED = "embedded"  # in place of a URL: `oim up` runs that server on this machine


def split_helplines(value: str) -> list[list[str]]:
    """Split the setting of helplines into the parts of each: its French and English name, its number."""
    return [[part.strip() for part in entry.split("/")] for entry in value.split(";") if entry.strip()]


class Settings(BaseSettings):
    """The settings of this process, which do not change while it runs."""

    model_config = SettingsConfigDict(env_prefix="OIM_", frozen=True, extra="ignore")

    home: Path = Field(Path(".oim"), description="Folder of the embedded engines: data, keys, files, logs.")
    host: str = Field("127.0.0.1", description="Address the web pages and the API listen on.")
    port: int = Field(
        8000, ge=0, le=65535, description="Port of the web pages and the API; the next free one if taken."
    )
    site_processes: int = Field(
        1, ge=1, le=64, description="Processes that serve the pages and the API: about one a core."
    )
    address: str = Field("", description="Public address of the pages, for links in messages: `https://…`.")
    hosts: str = Field(
        "",
        description="Host names that the site answers to, besides that of its address, `localhost` and IP "
        "addresses: `name, name`.",
    )
    proxies: str = Field(
        "",
        description="Reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: "
        "`10.0.0.7, 10.1.0.0/16`; nobody's if empty.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Secret that a reader of `/metrics` presents; empty: nobody reads them."
    )
    database_url: str = Field(EMBEDDED, description="PostgreSQL 15 or later: `postgresql://…`.")
    database_owner_url: str = Field(
        "",
        description="The owner of the tables, who migrates: `postgresql://…`; empty: the URL above.",
    )
    database_read_url: str = Field(
        "", description="A replica that may serve public lists: `postgresql://…`; empty for none."
    )
    valkey_url: str = Field(EMBEDDED, description="Valkey or Redis: `redis://…`, `rediss://…` with TLS.")
    broker_url: str = Field(
        "", description="Broker of tasks: `redis://…`, `rediss://…`; empty for the Valkey above."
    )
    engine_url: str = Field(EMBEDDED, description="The matching engine: `http://…`.")
    engine_token: SecretStr = Field(
        SecretStr(""), description="Shared secret that callers of the engine present."
    )
    index_url: str = Field(
        EMBEDDED, description="Vectors: Qdrant Edge in the engine, or `http://…` a server."
    )
    index_key: SecretStr = Field(SecretStr(""), description="API key of the Qdrant server, where it has one.")
    embedder_url: str = Field(
        EMBEDDED,
        description="Embeddings: multilingual-e5-small in the engine, or `ollama+http://host:port/model`.",
    )
    blobs_url: str = Field(
        EMBEDDED, description="Files: a folder of the home, or another one by `file:///folder`."
    )
    events_url: str = Field(
        EMBEDDED, description="Stream of events for other programs: the Valkey above, or `redis://…` another."
    )
    sms_url: str = Field(EMBEDDED, description="Text messages: only simulated telephones yet.")
    whatsapp_url: str = Field(EMBEDDED, description="WhatsApp: only simulated telephones yet.")
    email_url: str = Field(EMBEDDED, description="E-mail: only simulated mailboxes yet.")
    keys_url: str = Field(
        EMBEDDED,
        description="Key ring of what is sealed: `keys/ring.json` in the home, made at first start, "
        "or another one by `file:///folder/ring.json`.",
    )
    audit_heads: Path | None = Field(
        None, description="Where the audit trail's head is noted; `keys/audit-heads` in the home."
    )
    postgres_bin: Path | None = Field(
        None, description="Folder of another PostgreSQL's programs for the embedded database."
    )
    operator_name: str = Field(
        "", description="Who runs this instance; empty: its pages say that it is a trial run by nobody named."
    )
    operator_name_en: str = Field("", description="The same name in English, where it has another.")
    operator_logo: Path | None = Field(
        None,
        description="Picture of who runs it, on the page about OIM: SVG, PNG, JPEG or WebP, 100 KB at most.",
    )
    operator_email: str = Field("", description="Mailbox of who runs it, for everybody.")
    operator_phone: str = Field("", description="Telephone of who runs it, for everybody.")
    helplines: str = Field(
        "",
        description="Whom to call about violence or trafficking: `French name / English name / number`, "
        "several with `;` between.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe line that is logged."
    )
    log_format: Literal["json", "text"] = Field("json", description="How log lines look.")

    @field_validator("proxies")
    @classmethod
    def _check_networks(cls, value: str) -> str:
        """Check that each proxy is an address or a network: a misspelt one would silently not be believed."""
        for network in filter(None, value.replace(" ", "").split(",")):
            ip_network(network)
        return value

    @field_validator("helplines")
    @classmethod
    def _check_helplines(cls, value: str) -> str:
        """Check that each helpline has two names and a number that can be dialled."""
        for entry in split_helplines(value):
            if len(entry) != 3 or not all(entry) or not re.fullmatch(r"[+*#]?\d[\d #*-]*", entry[2]):
                raise ValueError("a helpline is: French name / English name / number")
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _lower_scheme(cls, value: object, info: ValidationInfo) -> object:
        """Write the scheme of a URL in lower case: `HTTP://` is `http://`, but not to every library."""
        if not isinstance(value, str) or not (info.field_name or "").endswith("_url"):
            return value
        scheme, separator, rest = value.partition("://")
        return f"{scheme.lower()}{separator}{rest}" if separator else value

    @property
    def index_folder(self) -> Path:
        """The folder of the embedded vector indexes, each in a folder of its own."""
        # Absolute, here and below: the stack's processes run in another working folder.
        return self.home.absolute() / "index"

    @property
    def ring_file(self) -> Path:
        """The file of the embedded key ring, which no backup of the database may contain."""
        return self.home.absolute() / "keys" / "ring.json"

    @property
    def heads_file(self) -> Path:
        """The file of the audit trail's heads, best on another machine's disk."""
        return self.audit_heads or self.home.absolute() / "keys" / "audit-heads"

    @property
    def inbox_folder(self) -> Path:
        """The folder of the messages that simulated telephones and mailboxes received."""
        return self.home.absolute() / "inbox"

    @property
    def blobs_folder(self) -> Path:
        """The folder of the embedded blob store."""
        return self.home.absolute() / "blobs"
