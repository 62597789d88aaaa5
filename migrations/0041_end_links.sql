-- When a person last ended all that lets them in: the link of a mail about a sign-in before that is worth nothing any more.
ALTER TABLE users ADD COLUMN everything_ended_at timestamptz;
