#pragma once
#include <string>
#include <vector>

#include "search/search_index.hpp"

// FTS5 query expressions (FTS5 §3). Every word is quoted, so nothing that people write is an operator. An empty
// expression means that nothing can match; it must not be run.
namespace movio::fts5 {

// v1: the terms for one table, OR-ed. `fields` are those the table has, by the names that terms use.
std::string any_term(const std::vector<search::V1Term>& terms, const std::vector<std::string>& fields);
// The terms are for a table that has one column, known as `field`.
std::string any_term_of_column(const std::vector<search::V1Term>& terms, const std::string& field);

// v2: every word. The words are normalised; `beginning` is what stands for the last one (vocabulary.hpp).
std::string every_word(const std::vector<std::string>& words, const std::string& beginning);

std::string quoted(const std::string& words);

}  // namespace movio::fts5
