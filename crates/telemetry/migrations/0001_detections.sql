-- Detections of devices. `day` counts days since 1970-01-01 in Tokyo, `month` is 12 × year + month - 1, `hour` counts hours since 1970 in UTC:
-- numbers, because these columns stand in millions of rows. `_us` are microseconds since 1970 in UTC.

-- What caches of dictionaries depend on: the row `epoch` grows when something was deleted.
CREATE TABLE state (
    name TEXT NOT NULL PRIMARY KEY,
    value INT64 NOT NULL
) STRICT;

-- A company by the office's own id. What was removed by age is counted, so that sources still add up.
CREATE TABLE company (
    company INT64 NOT NULL PRIMARY KEY,
    office_id TEXT NOT NULL UNIQUE,
    next_number INT64 NOT NULL,
    removed_detections INT64 NOT NULL,
    removed_activities INT64 NOT NULL,
    removed_unknown INT64 NOT NULL
) STRICT;

-- What each source delivered since its beginning.
CREATE TABLE source (
    source TEXT NOT NULL PRIMARY KEY,
    company INT64 NOT NULL,
    lines INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    heard_us INT64 NOT NULL
) STRICT;
CREATE INDEX source_company ON source (company);

-- Batches that were answered: the same one again gets the same answer.
CREATE TABLE batch (
    source TEXT NOT NULL,
    batch_id TEXT NOT NULL,
    hash BYTES NOT NULL,
    received_us INT64 NOT NULL,
    lines INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    PRIMARY KEY (source, batch_id)
) STRICT;
CREATE INDEX batch_received ON batch (received_us);

-- How far each file was read.
CREATE TABLE file_position (
    source TEXT NOT NULL,
    file TEXT NOT NULL,
    read_to INT64 NOT NULL,
    received_us INT64 NOT NULL,
    PRIMARY KEY (source, file)
) STRICT;

-- Rules of vendors, shared by companies; one that nobody's figures name any more is removed.
CREATE TABLE rule (
    rule_id INT64 NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    UNIQUE (rule, title, category)
) STRICT;

-- A company's own names: 1 devices, 2 addresses that are no IPv4 address, 3 kinds of activity.
CREATE TABLE word (
    company INT64 NOT NULL,
    word_id INT64 NOT NULL,
    kind INT64 NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (company, word_id),
    UNIQUE (kind, text, company)
) STRICT;

-- Detections (kind 0) or unknown lines (kind 1) of one company and one day, by columns; see src/block.
CREATE TABLE block (
    block_id INT64 NOT NULL PRIMARY KEY,
    company INT64 NOT NULL,
    kind INT64 NOT NULL,
    day INT64 NOT NULL,
    entries INT64 NOT NULL,
    first_us INT64 NOT NULL,
    last_us INT64 NOT NULL,
    first_number INT64 NOT NULL,
    content BYTES NOT NULL
) STRICT;
CREATE INDEX block_newest ON block (company, kind, last_us, block_id, first_us);

-- The raw lines of a block, in its order; they may be removed before the block.
CREATE TABLE block_line (
    block_id INT64 NOT NULL PRIMARY KEY,
    stored INT64 NOT NULL,
    content BYTES NOT NULL
) STRICT;

CREATE TABLE day_total (
    company INT64 NOT NULL,
    day INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    clock_doubtful INT64 NOT NULL,
    PRIMARY KEY (company, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE month_total (
    company INT64 NOT NULL,
    month INT64 NOT NULL,
    detections INT64 NOT NULL,
    activities INT64 NOT NULL,
    unknown INT64 NOT NULL,
    PRIMARY KEY (company, month)
) STRICT, WITHOUT ROWID;
CREATE INDEX month_total_month ON month_total (month);

-- `lines` counts detections, `events` what they stand for.
CREATE TABLE day_summary (
    company INT64 NOT NULL,
    day INT64 NOT NULL,
    device INT64 NOT NULL,
    rule_id INT64 NOT NULL,
    severity INT64 NOT NULL,
    action INT64 NOT NULL,
    lines INT64 NOT NULL,
    events INT64 NOT NULL,
    first_us INT64 NOT NULL,
    last_us INT64 NOT NULL,
    PRIMARY KEY (company, day, device, rule_id, severity, action)
) STRICT, WITHOUT ROWID;

CREATE TABLE month_summary (
    month INT64 NOT NULL,
    company INT64 NOT NULL,
    rule_id INT64 NOT NULL,
    severity INT64 NOT NULL,
    action INT64 NOT NULL,
    lines INT64 NOT NULL,
    events INT64 NOT NULL,
    PRIMARY KEY (month, company, rule_id, severity, action)
) STRICT, WITHOUT ROWID;
CREATE INDEX month_summary_rule ON month_summary (rule_id);

-- Which addresses were seen: an IPv4 address is its number, any other 2^32 plus its word. `sides` adds up 1 source, 2 destination, 4 outside.
CREATE TABLE day_address (
    company INT64 NOT NULL,
    day INT64 NOT NULL,
    address INT64 NOT NULL,
    sides INT64 NOT NULL,
    events INT64 NOT NULL,
    PRIMARY KEY (company, day, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE month_address (
    company INT64 NOT NULL,
    month INT64 NOT NULL,
    address INT64 NOT NULL,
    sides INT64 NOT NULL,
    PRIMARY KEY (company, month, address)
) STRICT, WITHOUT ROWID;

CREATE TABLE day_activity (
    company INT64 NOT NULL,
    day INT64 NOT NULL,
    device INT64 NOT NULL,
    kind INT64 NOT NULL,
    lines INT64 NOT NULL,
    PRIMARY KEY (company, day, device, kind)
) STRICT, WITHOUT ROWID;

-- `why` is 1 no format, 2 broken, 3 too long, 4 encoding.
CREATE TABLE day_unknown (
    company INT64 NOT NULL,
    day INT64 NOT NULL,
    why INT64 NOT NULL,
    lines INT64 NOT NULL,
    PRIMARY KEY (company, day, why)
) STRICT, WITHOUT ROWID;

-- Words of devices that mean nothing to us yet, by the field they stood in.
CREATE TABLE unknown_word (
    company INT64 NOT NULL,
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    lines INT64 NOT NULL,
    PRIMARY KEY (company, field, text)
) STRICT, WITHOUT ROWID;

-- When each device was heard; `packets` and `drops` are the highest counts it told in the hour.
CREATE TABLE heard (
    company INT64 NOT NULL,
    device INT64 NOT NULL,
    hour INT64 NOT NULL,
    lines INT64 NOT NULL,
    first_us INT64 NOT NULL,
    last_us INT64 NOT NULL,
    packets INT64,
    drops INT64,
    PRIMARY KEY (company, device, hour)
) STRICT, WITHOUT ROWID;
