-- Ten questions of an architect, asked of the decisions of a whole organisation:
--     sfl merge *.jsonl --output parquet=decisions.parquet > all.json
--     duckdb < examples/duckdb.sql
-- A folder of such files is one table, too: 'decisions/*.parquet'. docs/scale.md has the columns.

CREATE OR REPLACE VIEW decisions AS SELECT * FROM 'decisions.parquet' WHERE counted;

-- 1. How serverless are we, and where do we stand on each ladder?
SELECT coalesce(ladder, 'all of it') AS ladder, round(avg(score), 1) AS score, count(*) AS decisions,
       count(*) FILTER (rung = 1) AS serverless, count(*) FILTER (rung = 2) AS capacity,
       count(*) FILTER (rung = 3) AS cluster, count(*) FILTER (rung = 4) AS server
FROM decisions GROUP BY ROLLUP (ladder) ORDER BY ladder NULLS FIRST;

-- 2. Which repositories have the furthest to go?
SELECT repository, round(avg(score), 1) AS score, count(*) AS decisions, sum(100 - score) AS missing
FROM decisions GROUP BY repository ORDER BY missing DESC, repository LIMIT 20;

-- 3. Where has nobody written down why, and who would know?
SELECT repository, coalesce(owner, '(nobody)') AS owner, count(*) AS fallbacks, max(rung) AS worst
FROM decisions WHERE fallback AND NOT justified
GROUP BY repository, owner ORDER BY fallbacks DESC, repository, owner;

-- 4. Why do we fall back?
SELECT because, ladder, count(*) AS decisions, count(DISTINCT repository) AS repositories
FROM decisions WHERE justified GROUP BY because, ladder ORDER BY decisions DESC, because, ladder;

-- 5. Which reasons end in the next 90 days, or have ended?
SELECT expires, repository, path, line, address, because, reason, reason_owner
FROM decisions WHERE expires <= current_date + INTERVAL 90 DAY ORDER BY expires, repository, path, line;

-- 6. What has the provider ended, or will end, and how often do we run it?
SELECT lifecycle, min(ends) AS ends, type, rule, count(*) AS decisions, count(DISTINCT repository) AS repositories
FROM decisions WHERE lifecycle IS NOT NULL GROUP BY lifecycle, type, rule ORDER BY ends NULLS LAST, decisions DESC, type;

-- 7. Which steps up are small: a property, and nothing is redesigned?
SELECT type, rung_name, climb, count(*) AS decisions, count(DISTINCT repository) AS repositories
FROM decisions WHERE step = 'property' AND NOT justified
GROUP BY type, rung_name, climb ORDER BY decisions DESC, type, rung_name;

-- 8. What do people have to do for all of this, day after day?
SELECT duty, count(*) AS decisions, count(DISTINCT repository) AS repositories
FROM (SELECT repository, unnest(string_split(duties, '; ')) AS duty FROM decisions WHERE duties IS NOT NULL)
GROUP BY duty ORDER BY decisions DESC, duty;

-- 9. Who looks after how many scripts on servers?
SELECT repository, sum(script_lines) AS lines, count(*) FILTER (script_lines > 0) AS decisions
FROM decisions GROUP BY repository HAVING sum(script_lines) > 0 ORDER BY lines DESC, repository;

-- 10. What can be worse than it looks: a parameter decides, or nobody knows?
SELECT repository, path, line, address, rung_name, worst_rung, reachable, doubts
FROM decisions WHERE worst_rung > rung OR uncertain ORDER BY worst_rung DESC, repository, path, line;
