-- Lines that were seen when a day was checked and are no longer kept: what comes afterwards is measured by what is left.
ALTER TABLE check_day ADD COLUMN lines_gone INT64 NOT NULL DEFAULT 0;
