//! Every action that somebody must be allowed to do, with the role and the token scope it needs. One table, alphabetical.
//!
//! `kernel::access` turns an [`crate::Actor`] and one of these into a `Grant`; mutating room methods take the Grant.

use crate::role::Role;

/// Something that needs a Grant.
pub trait Action: Send + Sync + 'static {
    /// As written in the audit trail and in a refusal.
    const NAME: &'static str;
    /// The least role that may do it.
    const NEEDS: Role;
    /// The scope an API token must carry; `None` means that no token may do it.
    const SCOPE: Option<&'static str>;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $role:ident, $scope:expr;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;
            impl Action for $name {
                const NAME: &'static str = $word;
                const NEEDS: Role = Role::$role;
                const SCOPE: Option<&'static str> = $scope;
            }
        )*
        /// Every action: name, role, scope. For documentation and for the test that walks them.
        pub const ALL: &[(&str, Role, Option<&str>)] = &[$(($word, Role::$role, $scope)),*];
    };
}

actions! {
    /// Acknowledge, un-acknowledge, comment on or resolve an alert.
    AnswerAlert = "answer alert", Responder, Some("alerts:write");
    /// Replace the rules (`mimamori apply`).
    ApplyRules = "apply rules", Editor, Some("rules:write");
    /// Say that a postmortem is good as it is, or that none is needed.
    ApprovePostmortem = "approve a postmortem", Editor, Some("documents:write");
    /// Change one's own account: language, zone, sessions, password, own tokens.
    ChangeOwnAccount = "change own account", Viewer, None;
    /// Change on-call schedules, calendars of holidays, and who is on call in anybody's place.
    ChangeSchedules = "change schedules", Editor, Some("schedules:write");
    /// Take, give away or swap one's own shifts, and say when one is away.
    ChangeShifts = "change shifts", Responder, Some("schedules:write");
    /// Close a month of pay.
    ClosePay = "close a month of pay", Admin, None;
    /// Say when one really worked; administrators say it for everybody.
    CorrectWork = "correct worked time", Viewer, None;
    /// Declare an incident.
    DeclareIncident = "declare an incident", Responder, Some("incidents:write");
    /// Make, change and throw away dashboards.
    EditDashboards = "edit dashboards", Editor, Some("dashboards:write");
    /// Set up, test or remove the channels that pages go out by.
    ManageChannels = "manage channels", Admin, None;
    /// Set up spaces of documents and their rights, bring in folders, throw documents away for good.
    ManageDocuments = "manage documents", Editor, Some("documents:write");
    /// Let other tools send alerts, and say how what they send is read.
    ManageIntegrations = "manage integrations", Admin, None;
    /// Set rules of pay, business hours, and what pay is worked out from.
    ManagePay = "manage pay", Admin, None;
    /// Change people: invite, disable, change roles.
    ManagePeople = "manage people", Admin, None;
    /// Change teams and who is in them.
    ManageTeams = "manage teams", Admin, None;
    /// Read alerts, rules, graphs and people of the console.
    ReadConsole = "read the console", Viewer, Some("read");
    /// Read documents and search them.
    ReadDocuments = "read documents", Viewer, Some("read");
    /// Query metrics by the HTTP API.
    ReadMetrics = "read metrics", Viewer, Some("metrics:read");
    /// See one's own pay; administrators see everybody's.
    ReadPay = "read pay", Viewer, None;
    /// Set up incidents: levels, promises, and whom their updates reach.
    SetUpIncidents = "set up incidents", Admin, None;
    /// Work on an incident: move it on, give out parts, write, merge.
    WorkOnIncident = "work on an incident", Responder, Some("incidents:write");
    /// Write documents, say that they are still right, work through runbooks.
    WriteDocuments = "write documents", Responder, Some("documents:write");
    /// Push samples.
    WriteMetrics = "write metrics", Responder, Some("metrics:write");
}
