//! `doc_search`.
//!
//! Two ways lead to the newest pages that have all tokens. Where few have them, the index of tokens names those and they are put in order. Where
//! many do, pages are walked through from the newest on until there are enough: of a character that every second text has, the tenth page
//! is found after twenty. The wrong way takes a hundred times as long (20,000 texts: 400 ms against 1), so it is not left to what the planner
//! believes of arrays: it is counted first how many there are, as far as that matters.

use crate::error::Error;
use crate::pages::rights::Readable;
use crate::pages::search::Query;
use crate::pages::tokens::Asked;
use kernel::Tx;
use uuid::Uuid;

/// From so many pages on they are walked through. Then both ways take some ten milliseconds at 20,000 texts, and each is faster on its side.
const MANY: i64 = 1_500;

/// In which part all of it must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Title,
    Headings,
    Anywhere,
}

/// A page that has what was asked for, and whose incident it is of.
pub(crate) struct Found {
    pub(crate) page: Uuid,
    pub(crate) incident: Option<i64>,
}

/// What is looked for and where.
pub(crate) struct Ask<'a> {
    pub(crate) asked: &'a Asked,
    pub(crate) query: &'a Query,
    pub(crate) readable: &'a Readable,
    pub(crate) part: Part,
    /// Found already.
    pub(crate) but: &'a [Uuid],
    pub(crate) most: i64,
}

/// Settles for this transaction how statements are planned: for what is asked now, and never by reading everything.
pub(crate) async fn settle(tx: &mut Tx) -> Result<(), Error> {
    sqlx::query!("select set_config('plan_cache_mode', 'force_custom_plan', true) as plans, set_config('enable_seqscan', 'off', true) as scans")
        .fetch_one(&mut **tx)
        .await?;
    Ok(())
}

/// Pages that have all that is asked for in one part, the newest change first. A look at the whole text is a look at title and headings too:
/// a long word whose pairs all stand in the title stands there nearly always.
pub(crate) async fn find(tx: &mut Tx, ask: &Ask<'_>) -> Result<Vec<Found>, Error> {
    let n: i64 = match ask.part {
        Part::Title => n_titles(tx, &ask.asked.tokens).await?,
        Part::Headings => n_headings(tx, &ask.asked.tokens).await?,
        Part::Anywhere => n_anywhere(tx, &ask.asked.tokens).await?,
    };
    if n == 0 {
        return Ok(Vec::new());
    }
    by_index_of_tokens(tx, n < MANY).await?;
    let found: Vec<Found> = match ask.part {
        Part::Title => in_titles(tx, ask).await?,
        Part::Headings => in_headings(tx, ask).await?,
        Part::Anywhere => anywhere(tx, ask).await?,
    };
    by_index_of_tokens(tx, true).await?;
    Ok(found)
}

/// The index of tokens is read as a bitmap; without bitmaps pages are walked through in their order.
async fn by_index_of_tokens(tx: &mut Tx, is_on: bool) -> Result<(), Error> {
    let value: &str = if is_on { "on" } else { "off" };
    sqlx::query!("select set_config('enable_bitmapscan', $1, true)", value).fetch_one(&mut **tx).await?;
    Ok(())
}

async fn n_titles(tx: &mut Tx, tokens: &[String]) -> Result<i64, Error> {
    let n: i64 = sqlx::query_scalar!(
        r#"select count(*) as "n!"
           from (select 1 as one from doc_search where title_tokens @> $1 limit $2) counted"#,
        tokens,
        MANY,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n)
}

async fn in_titles(tx: &mut Tx, ask: &Ask<'_>) -> Result<Vec<Found>, Error> {
    let (spaces, pages): (Vec<Uuid>, Vec<Uuid>) = (ask.readable.spaces(), ask.readable.pages());
    let wanted: Option<Vec<Uuid>> = ask.query.spaces_or_none();
    let found = sqlx::query_as!(
        Found,
        r#"select
             entry.page as "page!",
             allowed.incident as "incident?"
           from doc_search entry
           cross join lateral (
             select page.incident
             from doc_page page
             where page.id = entry.page
               and ((page.right_page is null and page.space = any($3)) or page.right_page = any($4))
               and page.trashed_at is null
               and ($5::uuid[] is null or page.space = any($5))
               and ($6::text[] is null or page.labels @> $6)
             offset 0
           ) allowed
           where entry.title_tokens @> $1
             and entry.page <> all($2)
             and not exists (select 1 from unnest($7::text[]) as run where strpos(entry.normal, run) = 0)
           order by entry.edited_at desc
           limit $8"#,
        &ask.asked.tokens,
        ask.but,
        &spaces,
        &pages,
        wanted.as_deref(),
        ask.query.labels_or_none(),
        &ask.asked.looked_for,
        ask.most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found)
}

async fn n_headings(tx: &mut Tx, tokens: &[String]) -> Result<i64, Error> {
    let n: i64 = sqlx::query_scalar!(
        r#"select count(*) as "n!"
           from (select 1 as one from doc_search where heading_tokens @> $1 limit $2) counted"#,
        tokens,
        MANY,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n)
}

async fn in_headings(tx: &mut Tx, ask: &Ask<'_>) -> Result<Vec<Found>, Error> {
    let (spaces, pages): (Vec<Uuid>, Vec<Uuid>) = (ask.readable.spaces(), ask.readable.pages());
    let wanted: Option<Vec<Uuid>> = ask.query.spaces_or_none();
    let found = sqlx::query_as!(
        Found,
        r#"select
             entry.page as "page!",
             allowed.incident as "incident?"
           from doc_search entry
           cross join lateral (
             select page.incident
             from doc_page page
             where page.id = entry.page
               and ((page.right_page is null and page.space = any($3)) or page.right_page = any($4))
               and page.trashed_at is null
               and ($5::uuid[] is null or page.space = any($5))
               and ($6::text[] is null or page.labels @> $6)
             offset 0
           ) allowed
           where entry.heading_tokens @> $1
             and entry.page <> all($2)
             and not exists (select 1 from unnest($7::text[]) as run where strpos(entry.normal, run) = 0)
           order by entry.edited_at desc
           limit $8"#,
        &ask.asked.tokens,
        ask.but,
        &spaces,
        &pages,
        wanted.as_deref(),
        ask.query.labels_or_none(),
        &ask.asked.looked_for,
        ask.most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found)
}

async fn n_anywhere(tx: &mut Tx, tokens: &[String]) -> Result<i64, Error> {
    let n: i64 = sqlx::query_scalar!(
        r#"select count(*) as "n!"
           from (select 1 as one from doc_search where tokens @> $1 limit $2) counted"#,
        tokens,
        MANY,
    )
    .fetch_one(&mut **tx)
    .await?;
    Ok(n)
}

async fn anywhere(tx: &mut Tx, ask: &Ask<'_>) -> Result<Vec<Found>, Error> {
    let (spaces, pages): (Vec<Uuid>, Vec<Uuid>) = (ask.readable.spaces(), ask.readable.pages());
    let wanted: Option<Vec<Uuid>> = ask.query.spaces_or_none();
    let found = sqlx::query_as!(
        Found,
        r#"select
             entry.page as "page!",
             allowed.incident as "incident?"
           from doc_search entry
           cross join lateral (
             select page.incident
             from doc_page page
             where page.id = entry.page
               and ((page.right_page is null and page.space = any($3)) or page.right_page = any($4))
               and page.trashed_at is null
               and ($5::uuid[] is null or page.space = any($5))
               and ($6::text[] is null or page.labels @> $6)
             offset 0
           ) allowed
           where entry.tokens @> $1
             and entry.page <> all($2)
             and not exists (select 1 from unnest($7::text[]) as run where strpos(entry.normal, run) = 0)
           order by entry.edited_at desc
           limit $8"#,
        &ask.asked.tokens,
        ask.but,
        &spaces,
        &pages,
        wanted.as_deref(),
        ask.query.labels_or_none(),
        &ask.asked.looked_for,
        ask.most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(found)
}
