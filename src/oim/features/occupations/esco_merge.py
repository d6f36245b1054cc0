"""SQL that stages the rows of an ESCO import and merges them into the taxonomy.

The statements of `MERGE` run in their order, in one transaction, and write only rows that differ: an import
that is repeated changes nothing.
"""

from __future__ import annotations

# Temporary and dropped at commit: a failed import leaves nothing to clean up.
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
    # Autovacuum never analyses temporary tables; without this the planner guesses their sizes.
    "ANALYZE staged_labels, staged_broader, staged_skills",
)
MERGE = (
    # Concepts come first: labels and relations refer to them. DISTINCT ON, because a concept has one staged
    # row a label, and ON CONFLICT may not meet the same row twice. IS DISTINCT FROM also compares NULL codes.
    """
    INSERT INTO taxonomy_concepts AS stored (uri, kind, isco)
    SELECT DISTINCT ON (uri) uri, kind, isco FROM staged_labels ORDER BY uri, kind, isco
    ON CONFLICT (uri) DO UPDATE SET kind = excluded.kind, isco = excluded.isco
        WHERE (stored.kind, stored.isco) IS DISTINCT FROM (excluded.kind, excluded.isco)
    """,
    # Labels that the files no longer list, but only of the kinds and languages that the files cover: an
    # import of English labels leaves the French ones alone.
    """
    DELETE FROM taxonomy_labels stored USING taxonomy_concepts concept
    WHERE concept.uri = stored.uri
        AND (concept.kind, stored.language) IN (SELECT DISTINCT kind, language FROM staged_labels)
        AND NOT EXISTS (SELECT FROM staged_labels staged WHERE staged.uri = stored.uri
            AND staged.language = stored.language AND staged.label = stored.label)
    """,
    # `sort DESC` takes "preferred" before "hidden" before "alt" where two files list the same label.
    """
    INSERT INTO taxonomy_labels AS stored (uri, language, label, sort)
    SELECT DISTINCT ON (uri, language, label) uri, language, label, sort FROM staged_labels
        ORDER BY uri, language, label, sort DESC
    ON CONFLICT (uri, language, label) DO UPDATE SET sort = excluded.sort WHERE stored.sort <> excluded.sort
    """,
    # A concept without a label is one that the newer files dropped; its relations go with it by cascade.
    """
    DELETE FROM taxonomy_concepts concept
    WHERE NOT EXISTS (SELECT FROM taxonomy_labels label WHERE label.uri = concept.uri)
    """,
    # A file that names parents of a concept replaces all its parents, those derived from codes included.
    """
    DELETE FROM taxonomy_broader stored
    WHERE EXISTS (SELECT FROM staged_broader staged WHERE staged.uri = stored.uri) AND NOT EXISTS (
        SELECT FROM staged_broader staged WHERE staged.uri = stored.uri AND staged.broader = stored.broader)
    """,
    # The joins leave out relations of concepts that no file describes; `COUNT_UNRESOLVED` counts them.
    """
    INSERT INTO taxonomy_broader (uri, broader)
    SELECT DISTINCT staged.uri, staged.broader FROM staged_broader staged
        JOIN taxonomy_concepts part ON part.uri = staged.uri
        JOIN taxonomy_concepts whole ON whole.uri = staged.broader
    ON CONFLICT DO NOTHING
    """,
    # Where no file names the parent of a concept, its code does: group 7531 is part of group 753, and an
    # occupation is part of its unit group.
    """
    INSERT INTO taxonomy_broader (uri, broader)
    SELECT part.uri, whole.uri FROM taxonomy_concepts part JOIN taxonomy_concepts whole
        ON whole.kind = 'group' AND whole.isco = CASE part.kind
            WHEN 'group' THEN left(part.isco, length(part.isco) - 1) ELSE part.isco END
    WHERE part.kind IN ('group', 'occupation')
        AND NOT EXISTS (SELECT FROM taxonomy_broader stored WHERE stored.uri = part.uri)
    """,
    # A file of relations is complete: with one in the folder, every relation that it does not list is gone.
    """
    DELETE FROM taxonomy_occupation_skills stored
    WHERE EXISTS (SELECT FROM staged_skills) AND NOT EXISTS (SELECT FROM staged_skills staged
        WHERE staged.occupation = stored.occupation AND staged.skill = stored.skill)
    """,
    # In the order of `relation`, DISTINCT ON takes "essential" before "optional".
    """
    INSERT INTO taxonomy_occupation_skills AS stored (occupation, skill, relation)
    SELECT DISTINCT ON (occupation, skill) occupation, skill, relation FROM staged_skills staged
        JOIN taxonomy_concepts concept ON concept.uri = staged.occupation
        JOIN taxonomy_concepts needed ON needed.uri = staged.skill
        WHERE relation IN ('essential', 'optional')
        ORDER BY occupation, skill, relation
    ON CONFLICT (occupation, skill) DO UPDATE SET relation = excluded.relation
        WHERE stored.relation <> excluded.relation
    """,
)
# Staged relations that are in no table after the merge.
COUNT_UNRESOLVED = """
    SELECT (SELECT count(*) FROM staged_skills staged WHERE NOT EXISTS (
        SELECT FROM taxonomy_occupation_skills stored
        WHERE stored.occupation = staged.occupation AND stored.skill = staged.skill))
    + (SELECT count(*) FROM staged_broader staged WHERE NOT EXISTS (
        SELECT FROM taxonomy_broader stored
        WHERE stored.uri = staged.uri AND stored.broader = staged.broader))
"""
