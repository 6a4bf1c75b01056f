//! The canonical way of writing.

#[test]
fn expressions_are_written_canonically() {
    let table: [(&str, &str); 39] = [
        ("1+2*3", "1 + 2 * 3"),
        ("((1))", "((1))"),
        ("0x1F", "31"),
        ("0755", "493"),
        ("1_000", "1000"),
        (".5", "0.5"),
        ("1e300", "1e300"),
        ("iNf", "Inf"),
        ("nan", "NaN"),
        ("90s", "1m30s"),
        ("14d", "2w"),
        ("'it\\'s \"x\"'", "\"it's \\\"x\\\"\""),
        ("SUM BY(a)(foo)", "sum by (a) (foo)"),
        ("sum(foo) without ()", "sum without () (foo)"),
        ("sum by () (foo)", "sum(foo)"),
        ("topk(5,foo)by(a,\"b.c\")", "topk by (a, \"b.c\") (5, foo)"),
        ("foo{}", "foo"),
        ("foo{a='b',}", "foo{a=\"b\"}"),
        ("{\"a.b\",'c.d'=~`x`}", "{__name__=\"a.b\", \"c.d\"=~\"x\"}"),
        ("foo[300]", "foo[300]"),
        ("foo[90m]", "foo[1h30m]"),
        ("foo[1h:]offset -5m@10.5", "foo[1h:] @ 10.500 offset -5m"),
        ("foo[5m:30]", "foo[5m:30]"),
        ("foo[5m] OFFSET 1m SMOOTHED", "foo[5m] smoothed offset 1m"),
        ("foo @ 1603774568.0", "foo @ 1603774568"),
        ("foo @ -1.5", "foo @ -1.500"),
        ("foo @ START()", "foo @ start()"),
        ("foo[(5m+step())*2]", "foo[(5m + step()) * 2]"),
        ("foo[MIN_OF(1m,range())]", "foo[min_of(1m, range())]"),
        ("foo offset -(5m*2)", "foo offset -(5m * 2)"),
        ("- 2 ^ 2", "-2 ^ 2"),
        ("2^-1", "2 ^ -1"),
        ("foo==bool 1", "foo == bool 1"),
        ("foo AND ON() bar", "foo and on () bar"),
        ("foo+ignoring()bar", "foo + bar"),
        ("foo/ignoring(a)group_left bar", "foo / ignoring (a) group_left () bar"),
        ("foo+fill(0)bar", "foo + fill (0) bar"),
        ("foo+fill_right(1)fill_left(-2)bar", "foo + fill_left (-2) fill_right (1) bar"),
        ("round ( foo,0.5 ) # half", "round(foo, 0.5)"),
    ];
    for (input, expected) in table {
        let printed: String = promql::parse(input).expect(input).to_string();
        assert_eq!(printed, expected, "{input}");
    }
}
