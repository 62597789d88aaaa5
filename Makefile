.PHONY: run test check bench clean

run: ## build what changed and start `rooiam dev`
	@bash scripts/run.sh

test: ## prove everything
	@bash scripts/test.sh

check: ## format, lints, freshness of .sqlx
	@bash scripts/check.sh

bench: ## measure an optimised build
	@bash scripts/bench.sh

clean: ## forget what was built
	@rm -rf target node_modules end2end/artifacts
