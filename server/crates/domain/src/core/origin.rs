//! Where something was asked for. Whoever owns a domain reads what its visitors send, so what begins at a workspace's own
//! host must be worth nothing anywhere else, and what begins at the platform nothing at a host.

use iam_types::WorkspaceId;

/// One of the origins that this server answers at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The configured public one.
    Platform,
    /// A workspace's own host. The same host of another workspace, and another host of the same, are other origins.
    CustomDomain {
        /// Whose.
        workspace_id: WorkspaceId,
        /// Its name, normalised.
        host: String,
    },
}

impl Origin {
    /// The origin of something that belongs to `workspace_id`, from the host that was stored with it.
    pub fn stored(workspace_id: WorkspaceId, host: Option<String>) -> Self {
        host.map_or(Self::Platform, |host| Self::CustomDomain { workspace_id, host })
    }

    /// The same of something that belongs to a workspace or to none; nothing for a host without the workspace whose it is.
    pub fn stored_anywhere(workspace_id: Option<WorkspaceId>, host: Option<String>) -> Option<Self> {
        match (workspace_id, host) {
            (_, None) => Some(Self::Platform),
            (Some(workspace_id), host) => Some(Self::stored(workspace_id, host)),
            (None, Some(_)) => None,
        }
    }

    /// The host, unless it is the platform's.
    pub fn host(&self) -> Option<&str> {
        match self {
            Self::Platform => None,
            Self::CustomDomain { host, .. } => Some(host),
        }
    }

    /// The workspace that nothing from here leaves, unless this is the platform's.
    pub fn confined_to(&self) -> Option<WorkspaceId> {
        match self {
            Self::Platform => None,
            Self::CustomDomain { workspace_id, .. } => Some(*workspace_id),
        }
    }
}

/// A challenge, request, grant or session, out of reach for whoever does not say where they are: the one place that
/// refuses what was asked for elsewhere.
#[derive(Debug, Clone)]
pub struct Bound<T> {
    origin: Origin,
    value: T,
}

impl<T> Bound<T> {
    /// Binds `value` to the origin it was asked for at.
    pub const fn new(origin: Origin, value: T) -> Self {
        Self { origin, value }
    }

    /// The value, if `here` is where it was asked for.
    pub fn at(self, here: &Origin) -> Option<T> {
        (self.origin == *here).then_some(self.value)
    }

    /// The value, to tell of in the log. Nothing may be decided by it.
    pub const fn for_the_log(&self) -> &T {
        &self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_there_where_it_was_asked_for_and_nowhere_else() {
        let [one, two] = [1, 2].map(|id| format!("ws_{id:032x}").parse::<WorkspaceId>().unwrap());
        let own = |id, host: &str| Origin::stored(id, Some(host.to_owned()));
        let origins = [
            Origin::Platform,
            own(one, "login.acme.example"),
            own(one, "id.acme.example"),
            own(two, "login.acme.example"),
        ];
        for asked in &origins {
            for here in &origins {
                let found = Bound::new(asked.clone(), ()).at(here);
                assert_eq!(found.is_some(), asked == here, "{asked:?} at {here:?}");
            }
        }
        assert_eq!(Origin::stored(one, None), Origin::Platform);
    }
}
