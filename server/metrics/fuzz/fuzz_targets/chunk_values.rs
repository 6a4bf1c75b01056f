#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _makes_sense: bool = metrics::fuzzed::chunk_values(bytes);
});
