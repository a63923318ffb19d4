-- An address's month tells its days and events too, so that a search over all companies reads days only where they are named. `days` has the bit
-- `day % 32` of every day, which differs within a month. Everything is counted anew from the days; `month` is computed from `day` as in the
-- proleptic Gregorian calendar, in which a year begins in March.
ALTER TABLE month_address ADD COLUMN days INT64 NOT NULL DEFAULT 0;
ALTER TABLE month_address ADD COLUMN events INT64 NOT NULL DEFAULT 0;

DELETE FROM month_address;

INSERT INTO month_address (company, month, address, sides, days, events)
SELECT a.company, t.month, a.address, MAX(a.sides & 1) + MAX(a.sides & 2) + MAX(a.sides & 4),
       CAST(SUM(CAST(1 AS BIGINT) << CAST((a.day % 32 + 32) % 32 AS INTEGER)) AS BIGINT), CAST(SUM(a.events) AS BIGINT)
FROM (
    SELECT company, day, (era * 400 + year) * 12 + (5 * (of_era - (365 * year + year / 4 - year / 100)) + 2) / 153 + 2 AS month
    FROM (
        SELECT company, day, era, of_era, (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365 AS year
        FROM (
            SELECT company, day, (day + 719468) / 146097 AS era, (day + 719468) % 146097 AS of_era
            FROM day_total
        ) AS eras
    ) AS years
) AS t
JOIN day_address a ON a.company = t.company AND a.day = t.day
GROUP BY a.company, t.month, a.address;
