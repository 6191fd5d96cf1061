"""Reads sentences of a controlled clinical English: every word has a meaning in the rule that reads it.

A text is parted into tokens (`tokens`), of which the terms of the vocabularies and of the case are known (`terms`). A
chart (`chart`) reads them by the rules of ``grammar/*.grammar`` (`notation`, `rules`), and each way to read a sentence
(`proof`) gives a meaning (`meaning`): the propositions that it states. What facts state is said in the same
propositions (`propositions`), so that a wording and its facts can be held against each other.
"""
