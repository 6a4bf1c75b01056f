//! Search over twenty thousand Japanese documents (T19 of the reference): words of one and two characters, long ones, several scripts at once and
//! narrow kana, beside `pg_trgm` on the same texts in the same Postgres. What is found is held against reading every text.

mod corpus;
mod world;

use crate::error::Error;
use crate::house::place;
use crate::line::{Line, ms_since, percentile};
use corpus::{Text, texts};
use documents::Documents;
use documents::needs::Needs;
use documents::pages::normal::normal;
use documents::pages::reading::{self, Read};
use documents::pages::search::{Hits, Query};
use documents::pages::tokens::{Term, terms};
use kernel::{Db, SystemClock};
use model::Actor;
use postgres::{EmbeddedConfig, Supervisor};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;
use uuid::Uuid;
use world::Nothing;

const BENCH: &str = "documents";
/// As many as the reference measured.
const TEXTS: usize = 20_000;
const CONNECTIONS: u32 = 4;
const WARM_UP: usize = 3;
const ROUNDS: usize = 40;
const LIMIT: usize = 50;
/// T19.
const GOAL_MS: f64 = 20.0;
/// A kind of question, and questions of it.
type Kind = (&'static str, &'static [&'static str]);

/// Of every kind some that many texts answer, some that few do, and one that none does.
const KINDS: [Kind; 6] = [
    ("one character", &["の", "障", "鯖", "ン"]),
    ("two characters", &["障害", "復旧", "深夜", "猫舌"]),
    ("a long word", &["データベース", "フェイルオーバー", "監視設定の見直し", "存在しない言葉"]),
    ("several scripts", &["API 障害", "PostgreSQL 復旧 深夜", "再起動 nginx", "kubernetes 猫舌"]),
    ("narrow kana", &["ｻｰﾊﾞｰ", "ﾃﾞｰﾀﾍﾞｰｽ", "ｱﾗｰﾄ ＡＰＩ"]),
    ("another script", &["postgresql", "deploy", "unfindable"]),
];

/// Fills, asks ours and the peer, and reads everything to compare.
///
/// # Errors
/// When there is no Postgres, or it refuses something.
pub async fn run() -> Result<Vec<Line>, Error> {
    let place = place()?;
    let config = EmbeddedConfig { data_dir: place.path().join("data"), bin_dir: None };
    let postgres: Supervisor = postgres::start(config).await?;
    let db: Db = Db::lazy(&postgres.url(), CONNECTIONS).map_err(failed("open the database"))?;
    db.migrate().await.map_err(failed("migrate"))?;
    let texts: Vec<Text> = texts(TEXTS);
    fill(&db, &texts).await?;
    let has_peer: bool = fill_peer(&db).await;
    let nothing = Arc::new(Nothing);
    let needs = Needs { pages: nothing.clone(), postmortems: nothing };
    let documents = Documents::new(db.clone(), Arc::new(SystemClock), needs);
    let mut lines: Vec<Line> = Vec::new();
    let mut all: Vec<f64> = Vec::new();
    for (name, questions) in KINDS {
        let took: Vec<f64> = ours(&documents, questions).await?;
        let line = Line::lower(BENCH, &format!("search, {name}, p95"), percentile(&took, 0.95), "ms");
        let line: Line =
            if has_peer { line.beside("pg_trgm", percentile(&theirs(&db, questions).await?, 0.95), None) } else { line };
        lines.push(line);
        all.extend(took);
    }
    lines.push(Line::lower(BENCH, "search, all of them, p95", percentile(&all, 0.95), "ms").with_goal(GOAL_MS));
    lines.push(Line::higher(BENCH, "search, answers as by reading", right(&documents, &texts).await?, "share").with_goal(1.0));
    lines.push(size(&db, "search, index", "doc_search_tokens").await?);
    if has_peer {
        lines.push(size(&db, "search, index of pg_trgm", "bench_text_trgm").await?);
    }
    db.pool().close().await;
    postgres.stop().await?;
    Ok(lines)
}

fn failed<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Error {
    move |error| Error::unreadable(what, &error.to_string())
}

/// Writes pages and what they are found by, as the room does.
async fn fill(db: &Db, texts: &[Text]) -> Result<(), Error> {
    let began: Instant = Instant::now();
    let mut tx = db.begin().await.map_err(failed("begin"))?;
    for (n, text) in texts.iter().enumerate() {
        let read: Read = reading::read(&text.title, &text.body);
        sqlx::query(
            "insert into doc_page (id, space, position, slug, title, locale, body_md, made_by, made_at, edited_at, edit_told_at)
             values ($1, $2, $3, $4, $5, 'ja', $6, 'bench', now(), now() - make_interval(secs => $7), now())",
        )
        .bind(text.id)
        .bind(documents::pages::Branch::Operations.space().0)
        .bind(format!("i{n:06}1"))
        .bind(format!("text-{n}"))
        .bind(&read.title)
        .bind(&text.body)
        .bind(n as f64)
        .execute(&mut *tx)
        .await
        .map_err(failed("write a page"))?;
        sqlx::query(
            "insert into doc_search (page, edited_at, tokens, heading_tokens, title_tokens, normal)
             values ($1, now() - make_interval(secs => $2), $3, $4, $5, $6)",
        )
        .bind(text.id)
        .bind(n as f64)
        .bind(&read.tokens)
        .bind(&read.heading_tokens)
        .bind(&read.title_tokens)
        .bind(&read.normal)
        .execute(&mut *tx)
        .await
        .map_err(failed("write what a page is found by"))?;
    }
    tx.commit().await.map_err(failed("commit"))?;
    let mut patient = patient(db).await.map_err(failed("connect"))?;
    sqlx::query("vacuum analyze").execute(&mut *patient).await.map_err(failed("analyze"))?;
    eprintln!("   {} texts in {:.1} s", texts.len(), began.elapsed().as_secs_f64());
    Ok(())
}

/// A connection whose statements take as long as they take: an index of all texts does.
async fn patient(db: &Db) -> Result<PoolConnection<Postgres>, sqlx::Error> {
    let mut connection = db.pool().acquire().await?;
    connection.close_on_drop();
    sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
    Ok(connection)
}

/// The same texts with the peer's index; `false` where this Postgres does not have it.
async fn fill_peer(db: &Db) -> bool {
    let Ok(mut patient) = patient(db).await else {
        return false;
    };
    for statement in [
        "create extension if not exists pg_trgm",
        "create table bench_text as select page, edited_at, normal from doc_search",
        "create index bench_text_trgm on bench_text using gin (normal gin_trgm_ops)",
        "vacuum analyze bench_text",
    ] {
        if let Err(error) = sqlx::query(statement).execute(&mut *patient).await {
            eprintln!("   no pg_trgm here: {error}");
            return false;
        }
    }
    true
}

fn query(question: &str) -> Query {
    Query { text: question.to_owned(), limit: LIMIT, ..Query::default() }
}

/// Milliseconds of each question, from the room's door to its answer with titles and marked stretches.
async fn ours(documents: &Documents, questions: &[&str]) -> Result<Vec<f64>, Error> {
    let actor = Actor::worker("bench");
    let mut took: Vec<f64> = Vec::new();
    for round in 0..WARM_UP + ROUNDS {
        for question in questions {
            let began: Instant = Instant::now();
            let _hits: Hits = documents.search(&actor, &query(question)).await.map_err(failed("search"))?;
            if round >= WARM_UP {
                took.push(ms_since(began));
            }
        }
    }
    Ok(took)
}

/// The same asked as one asks `pg_trgm`: every part anywhere in the text, the newest first.
async fn theirs(db: &Db, questions: &[&str]) -> Result<Vec<f64>, Error> {
    let mut took: Vec<f64> = Vec::new();
    for round in 0..WARM_UP + ROUNDS {
        for question in questions {
            let parts: Vec<String> = terms(&normal(question)).iter().map(|term| format!("%{}%", term.text())).collect();
            let began: Instant = Instant::now();
            let _found: Vec<Uuid> =
                sqlx::query_scalar("select page from bench_text where normal like all($1) order by edited_at desc limit $2")
                    .bind(&parts)
                    .bind(LIMIT as i64)
                    .fetch_all(db.pool())
                    .await
                    .map_err(failed("ask pg_trgm"))?;
            if round >= WARM_UP {
                took.push(ms_since(began));
            }
        }
    }
    Ok(took)
}

/// The share of questions that are answered as whoever reads every text would.
async fn right(documents: &Documents, texts: &[Text]) -> Result<f64, Error> {
    let read: Vec<(Uuid, String)> = texts.iter().map(|text| (text.id, reading::read(&text.title, &text.body).normal)).collect();
    let actor = Actor::worker("bench");
    let (mut n_right, mut n_asked): (usize, usize) = (0, 0);
    for question in KINDS.iter().flat_map(|(_, questions)| questions.iter()) {
        let expected: HashSet<Uuid> =
            read.iter().filter(|(_, compared)| is_there(compared, question)).map(|(id, _)| *id).collect();
        let hits: Hits = documents.search(&actor, &query(question)).await.map_err(failed("search"))?;
        let found: HashSet<Uuid> = hits.hits.iter().map(|hit| hit.page.id.0).collect();
        let is_right: bool =
            found.len() == expected.len().min(LIMIT) && found.is_subset(&expected) && hits.has_more == (expected.len() > LIMIT);
        if !is_right {
            eprintln!("   {question}: {} found, {} expected", found.len(), expected.len());
        }
        n_asked += 1;
        n_right += usize::from(is_right);
    }
    Ok(n_right as f64 / n_asked as f64)
}

/// Runs anywhere in the text, other scripts as whole words.
fn is_there(compared: &str, question: &str) -> bool {
    terms(&normal(question)).iter().all(|term| match term {
        Term::Run(run) => compared.contains(run.as_str()),
        Term::Word(word) => terms(compared).iter().any(|stands| stands == &Term::Word(word.clone())),
    })
}

async fn size(db: &Db, case: &str, index: &str) -> Result<Line, Error> {
    let bytes: i64 = sqlx::query_scalar("select pg_relation_size($1::regclass)")
        .bind(index)
        .fetch_one(db.pool())
        .await
        .map_err(failed("ask for the size of an index"))?;
    Ok(Line::lower(BENCH, case, bytes as f64 / 1_000_000.0, "MB"))
}
