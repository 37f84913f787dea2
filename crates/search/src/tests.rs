//! What is found, in which order, and by whom.

use super::*;

fn paper(id: u64, number: &str, text: &[&str]) -> Paper {
    Paper {
        kind: Kind::Matter,
        id,
        version: 1,
        is_open: true,
        number: number.to_owned(),
        institution: "0101".to_owned(),
        people: vec!["ana".to_owned()],
        text: text.iter().map(|text| (*text).to_owned()).collect(),
        things: Vec::new(),
    }
}

fn account(id: u64, number: &str, name: &str) -> Paper {
    let (kind, people) = (Kind::Account, Vec::new());
    Paper { kind, is_open: false, people, ..paper(id, number, &[name]) }
}

fn library(papers: &[Paper]) -> Library {
    let library = Library::in_memory().unwrap();
    let mut librarian = library.librarian().unwrap();
    papers.iter().for_each(|paper| librarian.put(paper).unwrap());
    librarian.commit(&Mark::default()).unwrap();
    library
}

fn found(library: &Library, text: &str) -> Vec<u64> {
    let (matters, accounts) = (Sight::Everything, Sight::Everything);
    let query = Query { text: text.to_owned(), matters, accounts };
    library.find(&query, 0, 50).unwrap().into_iter().map(|hit| hit.id).collect()
}

/// Where the order says nothing.
fn sorted(library: &Library, text: &str) -> Vec<u64> {
    let mut ids = found(library, text);
    ids.sort_unstable();
    ids
}

fn small() -> Library {
    library(&[
        paper(1, "XJDB-20260105-00001", &["现金调拨", "送往河西支行，备零钞"]),
        paper(2, "XJDB-20260105-00002", &["现金调拨", "城关支行金库"]),
        paper(3, "YZLY-20260106-00001", &["印章领用", "Custody of seals", "王芳"]),
        account(7, "6217000011112222", "王小芳"),
        account(8, "6217000011113333", "滨江建材有限公司"),
    ])
}

#[test]
fn words_and_parts_of_words_are_found() {
    let library = small();
    assert_eq!(sorted(&library, "调拨"), [1, 2]);
    assert_eq!(found(&library, "河西"), [1]);
    assert_eq!(found(&library, "建材公司"), [8]);
    // No dictionary has these names, and nobody types the whole of them.
    assert_eq!(found(&library, "小芳"), [7]);
    assert_eq!(found(&library, "备零"), [1]);
    assert_eq!(sorted(&library, "芳"), [3, 7]);
    assert_eq!(found(&library, "芳王"), [0; 0]);
    assert_eq!(found(&library, "cust"), [3]);
    assert_eq!(found(&library, "SEALS"), [3]);
}

#[test]
fn every_part_must_be_there() {
    let library = small();
    assert_eq!(found(&library, "现金 金库"), [2]);
    assert_eq!(found(&library, "现金调拨金库"), [2]);
    assert_eq!(found(&library, "现金　印章"), [0; 0]);
}

#[test]
fn a_number_comes_before_what_begins_so_and_before_words() {
    let library = library(&[
        paper(1, "A-1", &["见 a-10 a-10 a-10"]),
        paper(2, "A-100", &[]),
        paper(3, "A-10", &[]),
    ]);
    assert_eq!(found(&library, "a-10"), [3, 2, 1]);
    assert_eq!(found(&library, "Ａ－１０"), [3, 2, 1]);
    let library = small();
    assert_eq!(sorted(&library, "XJDB-20260105"), [1, 2]);
    assert_eq!(found(&library, "62170000111133"), [8]);
    assert_eq!(found(&library, "00002"), [2]);
}

#[test]
fn whatever_is_typed_is_text() {
    let library = small();
    for text in ["", " ", "　", "()", "\"", "*:*", "number:(", "+-!^~", "\\", "🙂", "，。"] {
        assert_eq!(found(&library, text), [0; 0], "{text}");
    }
    assert_eq!(found(&library, "调拨 OR 印章"), [0; 0]);
    assert_eq!(found(&library, "\"河西\""), [1]);
    assert_eq!(found(&library, "河西*"), [1]);
    found(&library, &"长".repeat(10_000));
    found(&library, &"a b ".repeat(10_000));
}

#[test]
fn one_sees_as_far_as_is_said() {
    let mut papers = vec![paper(1, "A-1", &["现金"]), paper(2, "A-2", &["现金"])];
    papers[1].institution = "0102".to_owned();
    papers.push(Paper { is_open: false, people: vec!["bo".to_owned()], ..papers[1].clone() });
    papers[2].id = 3;
    papers.push(account(4, "6217", "现金"));
    let library = library(&papers);
    let sees = |matters: Sight, accounts: Sight| {
        let query = Query { text: "现金".to_owned(), matters, accounts };
        let hits = library.find(&query, 0, 9).unwrap();
        let mut ids: Vec<u64> = hits.into_iter().map(|hit| hit.id).collect();
        ids.sort_unstable();
        ids
    };
    let some = |codes: &[&str], operator: Option<&str>, open: bool| Sight::Some {
        institutions: codes.iter().map(|code| (*code).to_owned()).collect(),
        operator: operator.map(str::to_owned),
        open,
    };
    assert_eq!(sees(Sight::Nothing, Sight::Nothing), [0; 0]);
    assert_eq!(sees(Sight::Everything, Sight::Nothing), [1, 2, 3]);
    assert_eq!(sees(Sight::Nothing, some(&["0101"], None, false)), [4]);
    assert_eq!(sees(some(&["0101"], None, false), some(&["0102"], None, false)), [1]);
    assert_eq!(sees(some(&[], Some("bo"), false), Sight::Nothing), [3]);
    assert_eq!(sees(some(&[], None, true), Sight::Nothing), [1, 2]);
}

#[test]
fn what_is_put_again_takes_the_place_of_what_was_there() {
    let library = small();
    assert_eq!(library.open_matters().unwrap(), [(1, 1), (2, 1), (3, 1)].into());
    let mut librarian = library.librarian().unwrap();
    let ended =
        Paper { version: 5, is_open: false, ..paper(1, "XJDB-20260105-00001", &["押运"]) };
    librarian.put(&ended).unwrap();
    librarian.remove(Kind::Matter, 2);
    let mark = Mark { seq: 9, hash: "ab".to_owned(), matters: 4, accounts: 2 };
    librarian.commit(&mark).unwrap();
    assert_eq!((found(&library, "押运"), found(&library, "调拨")), (vec![1], vec![]));
    assert_eq!(library.open_matters().unwrap(), [(3, 1)].into());
    assert_eq!(library.mark().unwrap(), Some(mark));
    librarian.clear().unwrap();
    assert_eq!((library.count().unwrap(), library.mark().unwrap()), (0, Some(Mark::default())));
}

#[test]
fn pages_follow_each_other() {
    let papers: Vec<Paper> =
        (0..25).map(|id| paper(id, &format!("A-{id:02}"), &["现金"])).collect();
    let library = library(&papers);
    let (matters, accounts) = (Sight::Everything, Sight::Nothing);
    let query = Query { text: "现金".to_owned(), matters, accounts };
    let pages = [0, 10, 20].map(|skip| library.find(&query, skip, 10).unwrap());
    let mut ids: Vec<u64> = pages.into_iter().flatten().map(|hit| hit.id).collect();
    ids.sort_unstable();
    assert_eq!(ids, (0..25).collect::<Vec<u64>>());
}

#[test]
fn a_folder_keeps_it_and_one_that_is_damaged_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("search");
    let mark = Mark { seq: 2, hash: "cd".to_owned(), matters: 2, accounts: 0 };
    {
        let library = Library::open(&at).unwrap();
        assert_eq!(library.mark().unwrap(), None);
        let mut librarian = library.librarian().unwrap();
        librarian.put(&paper(1, "A-1", &["现金"])).unwrap();
        librarian.commit(&mark).unwrap();
        // What was not committed is gone with who put it.
        librarian.put(&paper(2, "A-2", &["现金"])).unwrap();
        assert!(library.librarian().is_err(), "two would write over each other");
    }
    let library = Library::open(&at).unwrap();
    assert_eq!((found(&library, "现金"), library.mark().unwrap()), (vec![1], Some(mark)));
    drop(library);
    std::fs::write(at.join("meta.json"), "{").unwrap();
    let library = Library::open(&at).unwrap();
    assert_eq!((library.count().unwrap(), library.mark().unwrap()), (0, None));
}

/// Prints how fast it is: `cargo test -p search -- --nocapture how_fast`.
#[test]
fn how_fast_it_is() {
    const PAPERS: u64 = 2_000;
    let places = ["河西支行", "城关支行", "滨江支行", "总行营业部", "开发区支行"];
    let what = ["现金调拨", "印章领用", "凭证出库", "错账调整", "大额支取", "假币收缴", "查库"];
    let names = ["王芳", "李建国", "张秀英", "刘洋", "陈静"];
    let folder = tempfile::tempdir().unwrap();
    let library = Library::open(folder.path()).unwrap();
    let mut librarian = library.librarian().unwrap();
    // The dictionary is read once, by the first.
    words_of_all(&library);
    let began = std::time::Instant::now();
    for id in 0..PAPERS {
        let at = usize::try_from(id).unwrap();
        let (place, what, name) = (places[at % 5], what[at % 7], names[at / 7 % 5]);
        let note = format!("{name}经办，送往{place}，{what}，金额已核对，请尽快办理 {id}");
        let paper = paper(id, &format!("XJDB-20260105-{id:05}"), &[what, place, &note]);
        librarian.put(&paper).unwrap();
    }
    librarian.commit(&Mark::default()).unwrap();
    let indexed = began.elapsed();
    let began = std::time::Instant::now();
    for text in ["河西", "现金调拨 王芳", "XJDB-20260105-01999", "建国", "送往滨江"] {
        assert!(!found(&library, text).is_empty(), "{text}");
    }
    let asked = began.elapsed() / 5;
    let bytes: u64 = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    println!("{PAPERS} papers in {indexed:?}, {asked:?} a query, {bytes} bytes");
}

fn words_of_all(library: &Library) {
    assert!(found(library, "现金").is_empty());
}

#[test]
fn matters_are_found_by_each_thing_of_their_spans() {
    let with = |id, spans: &[(&str, u64, u64)]| {
        let span = |&(kind, from, to): &(&str, u64, u64)| Span { kind: kind.to_owned(), from, to };
        Paper { things: spans.iter().map(span).collect(), ..paper(id, "LY-1", &[]) }
    };
    let library = library(&[
        with(1, &[("cheque:A", 1, 1_000_000)]),
        with(2, &[("cheque:A", 26, 50), ("seal:", 7, 7)]),
        with(3, &[("cheque:B", 26, 50)]),
    ]);
    let of = |kind: &str, number| {
        let mut ids = library.matters_of(kind, number).unwrap();
        ids.sort_unstable();
        ids
    };
    assert_eq!(of("cheque:A", 25), [1]);
    assert_eq!(of("cheque:A", 26), [1, 2]);
    assert_eq!(of("cheque:A", 1_000_001), [] as [u64; 0]);
    assert_eq!(of("seal:", 7), [2]);
}
