-- What a suppression hides has the same title and category besides the rule, severity and action: the rule of some products is a class of
-- detections. Null for suppressions from before this column, which hide any category of their title.
ALTER TABLE suppression ADD COLUMN category TEXT;
