//! Finds circles of files in a crate: files that use each other, directly or
//! through others.

use core::fmt::Write;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use petgraph::algo::{astar, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};

use super::modules::{Target, Use};
use super::sources::shown;

/// The uses of one file by another: the line of the first use, and all names.
#[derive(Default)]
struct Arrow<'a> {
    line: usize,
    names: Vec<&'a str>,
}

type Graph<'a> = DiGraph<&'a Path, Arrow<'a>>;

/// Finds the circles among the files, without tests.
pub(super) fn find(root: &Path, uses: &[Use<'_>]) -> Vec<String> {
    let graph = graph(uses);
    let mut circles: Vec<_> = tarjan_scc(&graph)
        .into_iter()
        .filter(|files| files.len() > 1)
        .map(|files| describe(root, &graph, &files))
        .collect();
    circles.sort_unstable();
    circles
}

fn graph<'a>(uses: &[Use<'a>]) -> Graph<'a> {
    let mut arrows: BTreeMap<(&Path, &Path), Arrow<'_>> = BTreeMap::new();
    for used in uses.iter().filter(|used| !used.test) {
        let Target::Module(to) = used.to else {
            continue;
        };
        if to.file == used.from.file {
            continue;
        }
        let arrow = arrows.entry((&used.from.file, &to.file)).or_default();
        if arrow.names.is_empty() || used.line < arrow.line {
            arrow.line = used.line;
        }
        let name = used.item();
        if !arrow.names.contains(&name) {
            arrow.names.push(name);
        }
    }
    let mut graph = Graph::new();
    let mut nodes = HashMap::new();
    for ((from, to), arrow) in arrows {
        let [from, to] =
            [from, to].map(|file| *nodes.entry(file).or_insert_with(|| graph.add_node(file)));
        graph.add_edge(from, to, arrow);
    }
    graph
}

/// The files of a circle, and the uses along the shortest path around it.
fn describe(root: &Path, graph: &Graph<'_>, files: &[NodeIndex]) -> String {
    let mut names: Vec<_> = files.iter().map(|file| shown(root, graph[*file])).collect();
    names.sort_unstable();
    let mut text = format!("circle of {} files: {}", names.len(), names.join(", "));
    for step in shortest(graph, files).windows(2) {
        let Some(arrow) = graph.find_edge(step[0], step[1]).map(|edge| &graph[edge]) else {
            continue;
        };
        let [from, to] = [step[0], step[1]].map(|file| shown(root, graph[file]));
        let names = arrow.names.join(", ");
        let _ = write!(text, "\n  {from}:{} uses {names} of {to}", arrow.line);
    }
    text
}

/// The shortest path from one of the files back to itself.
fn shortest(graph: &Graph<'_>, files: &[NodeIndex]) -> Vec<NodeIndex> {
    let round = |from: &NodeIndex| {
        let ways = graph.neighbors(*from).filter_map(|next| {
            let (_, back) = astar(graph, next, |node| node == *from, |_| 1, |_| 0)?;
            Some([vec![*from], back].concat())
        });
        ways.min_by_key(Vec::len)
    };
    let rounds = files.iter().filter_map(round);
    rounds
        .min_by_key(|way| (way.len(), graph[way[0]]))
        .unwrap_or_default()
}
