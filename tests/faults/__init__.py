"""What goes wrong, and what then happens: every fault the product answers for, and the test that holds it.

`whole` is a file of this folder, through the product's own operations; the rest lies beside the part.

| fault                                 | held by
|---------------------------------------|----------------------------------------|
| text file called .jpg, truncated JPEG,| whole `test_uploads`: test_every_bad_file_is_refused_with_…
| 30,000 × 30,000 PNG, 200 MB, PDF with | foundation/documents `test_receive`:
| a script, SVG, empty file             | test_a_bad_upload_is_refused_with_its_sentence_and_nothing_is_kept;
|                                       | 200 MB while it streams: foundation/documents `test_upload_handler`
| the same photograph twice             | whole `test_uploads`: test_the_same_photograph_twice_is_one_document
| the same photograph under two people  | whole `test_uploads`: test_the_same_photograph_under_two_people_…;
|                                       | compressed again: foundation/documents `test_receive`
| impossible date, negative price       | whole `test_applications`: test_what_cannot_be_is_not_kept_as_an_…
| term over the product's limit         | whole `test_applications`: test_what_is_over_a_limit_is_named_…;
|                                       | records/applications `test_applications`, records/products
| action on a step that is not open     | whole `test_actions`: test_a_step_that_is_not_open_is_not_now_…;
|                                       | 409: ui `test_frame`; engine: core/process `test_engine`
| action twice                          | whole `test_actions`: test_sending_twice_…, test_deciding_twice_…;
|                                       | over HTTP: foundation/access `test_idempotency`
| by the wrong role (403),              | whole `test_actions`: …_and_the_wrong_people_are_turned_away;
| on somebody else's case (404)         | whole `test_uploads`: …_of_another_branch_is_answered_like_one_to_…
| two reviewers at once                 | whole `test_two_reviewers` (threads, both databases);
|                                       | each interleaving: foundation/workflow `test_races`
| worker killed in the middle of OCR,   | whole `test_killed_worker` (a real worker with its children);
| of a message, of a disbursement       | each place of the call: tests/outside `test_killed_exchange`,
|                                       | `test_killed_message`; foundation/documents `test_kill`
| web server killed mid-request         | whole `test_killed_web_server`
| full disk                             | whole `test_full_disk`; foundation/documents `test_upload_handler`
| process pack with five mistakes       | whole `test_process_pack`; foundation/workflow `test_publishing`
| what a person reads                   | `conftest.refused`: each refusal met here says what to do next
| a layer contract that is broken       | whole `test_layer_contracts`
"""
