-- The board reads open tasks by their day and the newest done ones, whoever has them. Old rows: indexed as they are.
CREATE INDEX customer_task_due ON customer_task (due_on, id) WHERE done_at IS NULL;
CREATE INDEX customer_task_done ON customer_task (done_at, id) WHERE done_at IS NOT NULL;
