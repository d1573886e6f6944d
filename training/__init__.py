"""What makes models: corpora, tokenizer, distillation, fine-tuning and evaluation."""
