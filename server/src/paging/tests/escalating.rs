//! From a rule that fires to a person's own telephone, and from the link in its message to an alert that this person has.

use super::Watch;
use crate::routes;
use alerting::RuleFile;
use alerting::routing::Routing;
use axum::Router;
use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{Method, Request, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use figures::Locale;
use identity::setup::SetUp;
use identity::signin::SignedIn;
use kernel::Grant;
use leptos::prelude::LeptosOptions;
use model::access::ChangeOwnAccount;
use model::actor::Who;
use model::ids::PersonId;
use model::{Actor, Role};
use notify::ChannelDraft;
use oncall::{ContactId, ContactKind, NewContact, Policies, PolicyFile, RunRow, State as RunState};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgPool;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

const NUMBER: &str = "+819012345678";
const ORIGIN: &str = "http://127.0.0.1:3000";

const ROUTES: &str = "\
routes:
  name: default
  channels: []
  escalation: shop
  group_by: [host]
  group_wait: 0
  group_interval: 0
";

const POLICIES: &str = "\
policies:
  - name: shop
    steps:
      - {wait: 5m, notify: [{person: hana@example.com}]}
";

/// Texts that a telephone got: the number and what was said.
type Texts = Arc<Mutex<Vec<(String, String)>>>;

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "To")]
    to: String,
    #[serde(rename = "Body")]
    body: String,
}

/// A provider shaped like Twilio; its address.
async fn provider(texts: Texts) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: String = format!("http://{}", listener.local_addr().unwrap());
    let router: Router = Router::new().route("/2010-04-01/Accounts/{account}/Messages.json", post(take)).with_state(texts);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn take(State(texts): State<Texts>, Form(message): Form<Message>) -> impl IntoResponse {
    texts.lock().unwrap().push((message.to, message.body));
    (StatusCode::CREATED, axum::Json(json!({ "sid": "SM1", "status": "queued" })))
}

/// The first administrator.
async fn hana(watch: &Watch) -> Actor {
    let asked = SetUp {
        code: watch.house.identity.set_up_code().await.unwrap().unwrap(),
        organisation: "Shop".to_owned(),
        name: "Hana".to_owned(),
        email: "hana@example.com".to_owned(),
        password: "correct horse battery".to_owned(),
        locale: Locale::Ja,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        user_agent: "test".to_owned(),
    };
    let _signed_in: SignedIn = watch.house.identity.set_up(asked).await.unwrap();
    let id: PersonId = watch.house.identity.people_list().await.unwrap()[0].id;
    Actor { who: Who::Person { id, name: "Hana".to_owned() }, role: Role::Admin, team_roles: Vec::new() }
}

/// An account at the provider, whose own number is nobody's.
async fn add_account(watch: &Watch, url: &str) {
    let settings: Value =
        json!({ "account_sid": "AC1", "auth_token": "token", "from": "+15005550006", "to": "+15005550001", "api_url": url });
    let draft = ChannelDraft {
        name: "texts".to_owned(),
        kind: "sms".to_owned(),
        version: None,
        settings: settings.as_object().cloned().unwrap(),
        enabled: true,
        last_resort: false,
        locale: Locale::Ja,
        zone: "Asia/Tokyo".to_owned(),
    };
    let admin = kernel::authorize(&Actor::worker("test"), None).unwrap();
    watch.house.notify.save_channel(&admin, draft).await.unwrap();
}

async fn apply(watch: &Watch) {
    let editor = kernel::authorize(&Actor::worker("test"), None).unwrap();
    let policies = Policies::check(&[PolicyFile { name: "policies.yaml".to_owned(), text: POLICIES.to_owned() }]).unwrap();
    watch.house.oncall.policies().apply(&editor, &policies).await.unwrap();
    let routes = Routing::check(&[RuleFile { name: "routes.yaml".to_owned(), text: ROUTES.to_owned() }]).unwrap();
    watch.house.routing.apply(&editor, &routes).await.unwrap();
}

/// Everything that is due, decided, escalated and sent.
async fn work(watch: &Watch) {
    for _ in 0..3 {
        watch.notifier.pass().await.unwrap();
        watch.house.oncall.tick().await.unwrap();
        watch.house.notify.tick().await.unwrap();
    }
}

/// A telephone of Hana's, verified by the code that it got.
async fn telephone(watch: &Watch, hana: &Actor, texts: &Texts) {
    let own: Grant<ChangeOwnAccount> = kernel::authorize(hana, None).unwrap();
    let new = NewContact {
        kind: ContactKind::Sms,
        label: String::new(),
        value: "+81 90-1234-5678".to_owned(),
        locale: Locale::En,
        zone: "Asia/Tokyo".to_owned(),
    };
    let id: ContactId = watch.house.oncall.add_contact(&own, &new).await.unwrap();
    work(watch).await;
    let (to, said): (String, String) = texts.lock().unwrap().remove(0);
    assert_eq!(to, NUMBER);
    let code: String = said.chars().skip_while(|character| !character.is_ascii_digit()).take(6).collect();
    watch.house.oncall.verify_contact(&own, id, &code).await.unwrap();
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_rule_that_fires_reaches_a_persons_own_telephone_and_the_link_in_it_is_theirs(pool: PgPool) {
    let watch = Watch::deaf(pool, Arc::default()).await;
    let texts: Texts = Arc::default();
    let url: String = provider(Arc::clone(&texts)).await;
    let hana: Actor = hana(&watch).await;
    add_account(&watch, &url).await;
    telephone(&watch, &hana, &texts).await;
    apply(&watch).await;

    watch.measure(1, 9.0).await;
    work(&watch).await;
    let heard: Vec<(String, String)> = texts.lock().unwrap().clone();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0].0, NUMBER, "to her, and not to the number of the account");
    assert!(watch.heard().is_empty(), "no channel is told");

    let link: String = heard[0].1.lines().last().unwrap().to_owned();
    let path: &str = link.strip_prefix(ORIGIN).unwrap();
    let router: Router = routes::router(watch.house.clone(), LeptosOptions::builder().output_name("mimamori").build());
    let request = Request::builder().method(Method::POST).uri(path).header("origin", ORIGIN);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(Body::from("comment="));
    let answer = router.oneshot(request.unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let held = watch.open().await.remove(0).held.unwrap();
    assert_eq!((held.by.as_str(), held.person), ("Hana", hana.person_id()));

    let run: RunRow = watch.house.oncall.runs(&oncall::RunFilter::default()).await.unwrap().remove(0);
    assert_eq!((run.state, run.next_step), (RunState::Acknowledged, None));
    assert_eq!(run.answer.and_then(|answer| answer.person), hana.person_id());
    watch.clock.advance_ms(10 * 60_000);
    work(&watch).await;
    assert_eq!(texts.lock().unwrap().len(), 1, "nobody is called any more");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn without_a_contact_the_channels_of_last_resort_are_told(pool: PgPool) {
    let watch = Watch::new(pool).await;
    let _hana: Actor = hana(&watch).await;
    apply(&watch).await;
    watch.measure(1, 9.0).await;
    work(&watch).await;
    assert_eq!(watch.kinds(), ["alert.fired"]);
    assert_eq!(watch.house.oncall.unreached().await.unwrap().len(), 1);
}
