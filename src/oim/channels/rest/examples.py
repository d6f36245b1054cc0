"""Examples of offers, alone and in lists, for the documentation of the API."""

from __future__ import annotations

from typing import Any

OFFER: dict[str, Any] = {
    "id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
    "kind": "employment",
    "title": "Maçon",
    "description": "Construction d'une école à Bafoussam, six mois.",
    "language": "fr",
    "organisation": "Chantiers de l'Ouest",
    "source": "chantiers",
    "source_name": "Chantiers",
    "url": "https://chantiers.example.cm/offres/12",
    "location": {"locality": "Bafoussam", "region": "CM-OU"},
    "occupations": ["7112"],
    "eligibility": {"age_min": 18},
    "details": {"contract": "fixed_term", "pay_min": 90000, "pay_period": "month"},
    "places": 4,
    "published_at": "2026-11-20T00:00:00Z",
    "valid_through": "2026-12-31T22:59:59Z",
    "first_seen_at": "2026-11-20T06:00:00Z",
    "trust": "known",
    "warnings": [],
    "ways": [
        {
            "kind": "telephone",
            "value": "+237222001234",
            "hours": "",
            "text": "Call the publisher",
            "uri": "tel:+237222001234",
        }
    ],
}
OFFERS: dict[str, Any] = {"items": [OFFER], "next": None, "total": 1, "words_only": False}
RECOMMENDATIONS: dict[str, Any] = {
    "list_id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
    "items": [
        {
            "rank": 1,
            # The parts add up to the score, as in real answers.
            "score": 0.71,
            "parts": {"text": 0.56, "place": 0.15},
            "reasons": [{"code": "words", "values": {"words": ["maçon"]}, "text": "You mentioned: maçon"}],
            "eligibility": {
                "state": "eligible",
                "almost": False,
                "met": ["age"],
                "missing": [],
                "unknown": [],
                "ask": None,
            },
            "steps": [],
            "improve": None,
            "opportunity": OFFER,
        }
    ],
    "missing": [{"code": "text", "text": "what you look for and what you can do"}],
    "took_ms": 38.2,
    "words_only": False,
    "advice": None,
}
