// Keeps what `oidc-provider` remembers in one table of PostgreSQL: one prepared statement for each thing it asks.
import pg from 'pg'

// Payloads are only ever read whole, which `json` does with less work than `jsonb`. Rows that are written again stay on their
// page where it has room, so that no index is written with them.
const schema = `
CREATE TABLE IF NOT EXISTS payloads (
    kind text NOT NULL,
    id text NOT NULL,
    payload json NOT NULL,
    grant_id text,
    user_code text,
    uid text,
    expires_at timestamptz,
    consumed_at timestamptz,
    PRIMARY KEY (kind, id)
) WITH (fillfactor = 90);
CREATE INDEX IF NOT EXISTS payloads_of_grant ON payloads (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS payloads_by_user_code ON payloads (user_code) WHERE user_code IS NOT NULL;
CREATE INDEX IF NOT EXISTS payloads_by_uid ON payloads (uid) WHERE uid IS NOT NULL;
`

const columns = 'SELECT payload, consumed_at FROM payloads WHERE kind = $1'
const statements = {
  upsert: `INSERT INTO payloads (kind, id, payload, grant_id, user_code, uid, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 second')
    ON CONFLICT (kind, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
      user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`,
  find: `${columns} AND id = $2`,
  findByUid: `${columns} AND uid = $2`,
  findByUserCode: `${columns} AND user_code = $2`,
  consume: 'UPDATE payloads SET consumed_at = now() WHERE kind = $1 AND id = $2',
  destroy: 'DELETE FROM payloads WHERE kind = $1 AND id = $2',
  revoke: 'DELETE FROM payloads WHERE grant_id = $1',
}

/** Connects, makes the table, and gives the class that `oidc-provider` makes one instance of for each kind of payload. */
export async function connect(database) {
  const pool = new pg.Pool({ ...database, max: 10 })
  await pool.query(schema)
  const run = (name, ...values) => pool.query({ name, text: statements[name], values })
  const read = async (name, ...values) => {
    const [row] = (await run(name, ...values)).rows
    if (!row) return undefined
    return row.consumed_at ? { ...row.payload, consumed: Math.floor(row.consumed_at.getTime() / 1000) } : row.payload
  }

  return class Adapter {
    constructor(kind) {
      this.kind = kind
    }

    async upsert(id, payload, expiresIn) {
      const { grantId, userCode, uid } = payload
      await run('upsert', this.kind, id, JSON.stringify(payload), grantId, userCode, uid, expiresIn)
    }

    find(id) {
      return read('find', this.kind, id)
    }

    findByUid(uid) {
      return read('findByUid', this.kind, uid)
    }

    findByUserCode(userCode) {
      return read('findByUserCode', this.kind, userCode)
    }

    async consume(id) {
      await run('consume', this.kind, id)
    }

    async destroy(id) {
      await run('destroy', this.kind, id)
    }

    async revokeByGrantId(grantId) {
      await run('revoke', grantId)
    }
  }
}
