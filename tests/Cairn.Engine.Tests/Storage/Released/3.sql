-- What cairn wrote when 3 was the latest schema: its rows, as that program left them.
INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (1, 'entries', '772931dcff98e7eba31e51fb36fa0b808eec7b01abd3028a64ec6471996b9cb9', 1796084658502);
INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (2, 'full_text', 'bbec897a3d5c86bac42c0dc3d7130e8295277166903c44ee8720f0b058bc51e0', 1796084658524);
INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (3, 'policy', '3fcddcf343a73c8f5cabac8a5fdff66191ec070bd4e6f0756f83a97669a7b49c', 1796084658527);
INSERT INTO projects (key, name, created_at) VALUES (1, 'atlas', 1796084658557);
INSERT INTO projects (key, name, created_at) VALUES (2, 'borealis', 1796084663541);
INSERT INTO project_aliases (kind, value, project_key, added_at) VALUES ('root', '/srv/atlas', 1, 1796084658557);
INSERT INTO sessions (key, project_key, id, client, started_at, last_seen_at) VALUES (1, 1, 'kickoff', NULL, 1796084658557, 1796084658557);
INSERT INTO policy_rule_sets (key, hash, first_used_at) VALUES (1, '99897c18ec75', 1796084658557);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (1, '06H2XZ7HFN6SHDR3', 1, 'active', 1796084658557, 1796084658557, 1796084662107, 1, 1, NULL, 'user', 'decision', 'docs/decisions.md', NULL, NULL, X'54908C0D71035F9C5DD684130F6365C69CE71B42A61B51AA8167D7D970C4101E', '["storage","architecture"]', '{"reviewed":true,"votes":3}', 'We chose SQLite: one file, no service', 'decision
storage
architecture
docs/decisions.md
2026-12-01 December', 'We chose SQLite: one file, no service', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (2, '06H2XZ7JW76PTCAA', 1, 'superseded', 1796084658913, 1796084658913, 1796084661542, 1, 0, NULL, 'user', 'bugfix', NULL, NULL, NULL, X'66DF32A9436B6EFE7F7F4A584C2B854D6F24AA418FAF67FF2C521D474C959009', NULL, NULL, 'Release script and bash', 'bugfix
2026-12-01 December', 'The release script needs bash 5

macOS has 3.2: install another first.', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (3, '06H2XZ7MA4AQV271', 1, 'active', 1796084659281, 1796084659281, 1796084659281, NULL, 0, NULL, 'user', 'note', NULL, NULL, NULL, X'9691D77059B6C5244311F84A70E84710A2AF12B9023D6F313B264E5B12568868', NULL, NULL, 'The parser reads UTF-8: naïve café, 記憶の検索, 🧭', 'note
2026-12-01 December
記憶
憶の
の検
検索
索', 'The parser reads UTF-8: naïve café, 記憶の検索, 🧭', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (4, '06H2XZ7NQCFAGCNH', 1, 'superseded', 1796084659643, 1796084659643, 1796084659976, NULL, 0, NULL, 'user', 'constraint', NULL, NULL, NULL, X'BA8F1D88D3760C257FFBAAB484E7A47B88475337E7B3374A46B81BAC96117E55', NULL, NULL, 'Deploys happen on Tuesdays', 'constraint
2026-12-01 December', 'Deploys happen on Tuesdays', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (5, '06H2XZ7Q113XJKA0', 1, 'active', 1796084659976, 1796084659976, 1796084659976, NULL, 0, NULL, 'user', 'constraint', NULL, NULL, NULL, X'C5FD93DE4CD2E6F46F3F86ED340B289A6876D69CD5BFB88DF4830E71AEA603CB', NULL, NULL, 'Deploys happen on Wednesdays', 'constraint
2026-12-01 December', 'Deploys happen on Wednesdays', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (6, '06H2XZ7RE9AXRZEZ', 1, 'archived', 1796084660338, 1796084660338, 1796084661016, NULL, 0, 'forgotten', 'user', 'note', NULL, NULL, NULL, X'16265362C10B60D89CDF92B60553D098AB08742009D301FF3F4DF902EC383697', NULL, NULL, 'A reminder that is no longer true', 'note
2026-12-01 December', 'A reminder that is no longer true', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (7, '06H2XZ7X4T0Q1FHD', 1, 'active', 1796084661542, 1796084661542, 1796084661542, NULL, 0, NULL, 'user', 'bugfix', NULL, NULL, NULL, X'7D697CFDA1E01A571F1DF862546BC542A1722105A3429E87942CB2606DC437E0', NULL, NULL, 'Release script and bash', 'bugfix
2026-12-01 December', 'The release script needs bash 5.1

macOS has 3.2: install another first.', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (9, '06H2XZ84YQKT380S', 2, 'active', 1796084663541, 1796084663541, 1796084663541, NULL, 0, NULL, 'user', 'note', NULL, NULL, NULL, X'901861DA69D105971B5C6CAB130C4BA23A485630D1F0C1521090875484CCD807', NULL, NULL, 'Another project keeps its own notes', 'note
2026-12-01 December', 'Another project keeps its own notes', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (10, '06H2XZ873JK4BZR6', 1, 'active', 1796084663752, 1796084664092, 1796084664092, NULL, 0, NULL, 'document', 'document', 'docs/guide.md#guide', NULL, NULL, X'2A77080C417B725CDE2F6B02DFA9A0ABDDD3188D8503381FC56A703F1B8391EB', NULL, NULL, 'Guide', 'document
docs/guide.md#guide
2026-12-01 December', 'How the harbour is entered.', 1);
INSERT INTO entries (key, id, project_key, state, occurred_at, recorded_at, changed_at, session_key, pinned, state_reason, origin, entry_type, source_ref, branch, commit_id, content_hash, tags, metadata, title, search_text, body, rule_set_key) VALUES (11, '06H2XZ873G92TYRG', 1, 'active', 1796084663752, 1796084664092, 1796084664092, NULL, 0, NULL, 'document', 'document', 'docs/guide.md#lights', NULL, NULL, X'84593245ECD632795687198E765C8869B7209ACE5FA5ABED4EC44303F484E136', NULL, NULL, 'Guide > Lights', 'document
docs/guide.md#lights
2026-12-01 December', 'Green is to starboard.', 1);
INSERT INTO entry_links (from_key, to_key, relation_type, created_at) VALUES (5, 4, 'supersedes', 1796084659976);
INSERT INTO entry_links (from_key, to_key, relation_type, created_at) VALUES (7, 2, 'supersedes', 1796084661542);
INSERT INTO entry_revisions (key, entry_key, action, reason, origin, revised_at) VALUES (1, 4, 'supersede', NULL, 'user', 1796084659976);
INSERT INTO entry_revisions (key, entry_key, action, reason, origin, revised_at) VALUES (2, 6, 'forget', 'no longer true', 'user', 1796084661016);
INSERT INTO entry_revisions (key, entry_key, action, reason, origin, revised_at) VALUES (3, 2, 'revise', NULL, 'user', 1796084661542);
INSERT INTO entry_revisions (key, entry_key, action, reason, origin, revised_at) VALUES (4, 1, 'pin', NULL, 'user', 1796084662107);
INSERT INTO purged_entries (id, reason, purged_at) VALUES ('06H2XZ81BX0PR54X', 'asked for', 1796084663134);
INSERT INTO ingestion_events (key, run_id, project_key, source, outcome, reason, entry_count, content_hash, ingested_at) VALUES (1, '06H2XZ86RFM1WH2H', 1, 'docs/guide.md', 'imported', NULL, 2, X'1DC219CAC69A34D3386824B803FB29E85B48CFEB9F4DA0AA102A291F7EDEA303', 1796084664092);
