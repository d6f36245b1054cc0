"""The statements that merge staged rows into the taxonomy. They write only what differs."""

from __future__ import annotations

CREATE_STAGING = (
    "CREATE TEMP TABLE staged_labels (uri text, kind text, isco text, language text, label text, sort text) "
    "ON COMMIT DROP",
    "CREATE TEMP TABLE staged_broader (uri text, broader text) ON COMMIT DROP",
    "CREATE TEMP TABLE staged_skills (occupation text, skill text, relation text) ON COMMIT DROP",
)
INDEX_STAGING = (
    "CREATE INDEX ON staged_labels (uri, language, label)",
    "CREATE INDEX ON staged_broader (uri, broader)",
    "CREATE INDEX ON staged_skills (occupation, skill)",
    "ANALYZE staged_labels, staged_broader, staged_skills",
)
MERGE = (
    """
    INSERT INTO taxonomy_concepts AS held (uri, kind, isco)
    SELECT DISTINCT ON (uri) uri, kind, isco FROM staged_labels ORDER BY uri, kind, isco
    ON CONFLICT (uri) DO UPDATE SET kind = excluded.kind, isco = excluded.isco
        WHERE (held.kind, held.isco) IS DISTINCT FROM (excluded.kind, excluded.isco)
    """,
    """
    DELETE FROM taxonomy_labels held USING taxonomy_concepts concept
    WHERE concept.uri = held.uri
        AND (concept.kind, held.language) IN (SELECT DISTINCT kind, language FROM staged_labels)
        AND NOT EXISTS (SELECT FROM staged_labels staged WHERE staged.uri = held.uri
            AND staged.language = held.language AND staged.label = held.label)
    """,
    """
    INSERT INTO taxonomy_labels AS held (uri, language, label, sort)
    SELECT DISTINCT ON (uri, language, label) uri, language, label, sort FROM staged_labels
        ORDER BY uri, language, label, sort DESC
    ON CONFLICT (uri, language, label) DO UPDATE SET sort = excluded.sort WHERE held.sort <> excluded.sort
    """,
    """
    DELETE FROM taxonomy_concepts concept
    WHERE NOT EXISTS (SELECT FROM taxonomy_labels label WHERE label.uri = concept.uri)
    """,
    """
    DELETE FROM taxonomy_broader held
    WHERE EXISTS (SELECT FROM staged_broader staged WHERE staged.uri = held.uri) AND NOT EXISTS (
        SELECT FROM staged_broader staged WHERE staged.uri = held.uri AND staged.broader = held.broader)
    """,
    """
    INSERT INTO taxonomy_broader (uri, broader)
    SELECT DISTINCT staged.uri, staged.broader FROM staged_broader staged
        JOIN taxonomy_concepts one ON one.uri = staged.uri
        JOIN taxonomy_concepts other ON other.uri = staged.broader
    ON CONFLICT DO NOTHING
    """,
    # Where no file says what a concept is part of, codes do: 7531 is of 753, an occupation of its unit group.
    """
    INSERT INTO taxonomy_broader (uri, broader)
    SELECT part.uri, whole.uri FROM taxonomy_concepts part JOIN taxonomy_concepts whole
        ON whole.kind = 'group' AND whole.isco = CASE part.kind
            WHEN 'group' THEN left(part.isco, length(part.isco) - 1) ELSE part.isco END
    WHERE part.kind IN ('group', 'occupation')
        AND NOT EXISTS (SELECT FROM taxonomy_broader held WHERE held.uri = part.uri)
    """,
    """
    DELETE FROM taxonomy_occupation_skills held
    WHERE EXISTS (SELECT FROM staged_skills) AND NOT EXISTS (SELECT FROM staged_skills staged
        WHERE staged.occupation = held.occupation AND staged.skill = held.skill)
    """,
    """
    INSERT INTO taxonomy_occupation_skills AS held (occupation, skill, relation)
    SELECT DISTINCT ON (occupation, skill) occupation, skill, relation FROM staged_skills staged
        JOIN taxonomy_concepts one ON one.uri = staged.occupation
        JOIN taxonomy_concepts other ON other.uri = staged.skill
        WHERE relation IN ('essential', 'optional')
        ORDER BY occupation, skill, relation
    ON CONFLICT (occupation, skill) DO UPDATE SET relation = excluded.relation
        WHERE held.relation <> excluded.relation
    """,
)
COUNT_UNRESOLVED = """
    SELECT (SELECT count(*) FROM staged_skills staged WHERE NOT EXISTS (
        SELECT FROM taxonomy_occupation_skills held
        WHERE held.occupation = staged.occupation AND held.skill = staged.skill))
    + (SELECT count(*) FROM staged_broader staged WHERE NOT EXISTS (
        SELECT FROM taxonomy_broader held WHERE held.uri = staged.uri AND held.broader = staged.broader))
"""
